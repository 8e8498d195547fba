/** What stands where the line to write in would be, when an app wants none: Slack's sentence, and where commands go. */

import type { Command, Place } from "../types";

interface Props {
  places: Place[];
  commands: Command[];
  onGo(place: string): void;
}

export function NotHere({ places, commands, onGo }: Props) {
  const channels = places.filter((place) => place.writable);
  const channel = channels.find((place) => place.name === "general") ?? channels[0];
  const command = commands[0]?.line;
  return (
    <div class="not-here">
      <p>Sending messages to this app has been turned off.</p>
      {command && channel && (
        <p>
          Commands work in channels:{" "}
          <button type="button" class="not-here-go" onClick={() => onGo(channel.id)}>
            try {command} in #{channel.name}
          </button>
        </p>
      )}
    </div>
  );
}
