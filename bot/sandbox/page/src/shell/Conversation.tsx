/** A place: its head, what stands in it, and the line to write in. */

import { useRef } from "preact/hooks";
import type { Acts } from "../store/acts";
import type { Place, Screen, Workspace } from "../types";
import { Avatar } from "./Avatar";
import { Composer } from "./Composer";
import { NotHere } from "./NotHere";
import { HomeTab } from "./HomeTab";
import { BackIcon, CrossIcon, HashIcon, LockIcon, WarnIcon } from "./Icons";
import { MessageList } from "./MessageList";
import type { Target } from "./scrolling";

export interface ConversationProps {
  workspace: Workspace;
  screen: Screen;
  home: boolean; // Home of the app instead of its messages
  now: Date;
  narrow: boolean;
  looking: boolean;
  target: Target | null;
  trouble: string;
  acts: Acts;
  onGo(place: string): void;
  onBack(): void;
  onForget(): void; // of the trouble
}

export function Conversation(props: ConversationProps) {
  const { workspace, screen, home, acts } = props;
  const place = screen.places.find((one) => one.id === screen.channel);
  const writing = useRef(false); // whether somebody is on their way to where they can write
  const name = place ? (place.kind === "app" ? place.name : `#${place.name}`) : "";
  return (
    <section class="conversation" aria-label={home ? "Home of the app" : name}>
      <Head {...props} place={place} />
      {home ? (
        <HomeTab workspace={workspace} screen={screen} acts={acts} />
      ) : (
        <MessageList
          workspace={workspace}
          screen={screen}
          now={props.now}
          looking={props.looking}
          target={props.target}
          acts={acts}
        />
      )}
      <div role="status">
        {props.trouble && (
          <p class="trouble">
            <WarnIcon />
            <span>{props.trouble}</span>
            <button type="button" class="plain" aria-label="Put this away" onClick={props.onForget}>
              <CrossIcon />
            </button>
          </p>
        )}
      </div>
      {!home && place && !place.writable && (
        <NotHere
          places={screen.places}
          commands={workspace.app.commands}
          onGo={(channel) => {
            writing.current = true;
            props.onGo(channel);
          }}
        />
      )}
      {!home && place?.writable && (
        <Composer
          draft={`${screen.person.id}/${screen.channel}`}
          label={`Message ${name}`}
          commands={workspace.app.commands}
          wanted={writing}
          onWrite={(line) => acts.write(line, screen.channel)}
        />
      )}
    </section>
  );
}

function Head({ workspace, screen, home, narrow, place, onGo, onBack }: ConversationProps & { place?: Place }) {
  const of_app = home || place?.kind === "app";
  const dm = screen.places.find((one) => one.kind === "app");
  return (
    <header class="head">
      {narrow && (
        <button type="button" class="plain head-back" aria-label="Back to all places" onClick={onBack}>
          <BackIcon />
        </button>
      )}
      {of_app ? (
        <Avatar id={workspace.app.bot_user_id} name={workspace.app.name} app size={28} />
      ) : (
        <span class="head-sign">{place?.kind === "private" ? <LockIcon /> : <HashIcon />}</span>
      )}
      <div class="head-name">
        <h2>
          <span>{of_app ? workspace.app.name : place?.name}</span>
          {of_app && <span class="app-badge">App</span>}
        </h2>
        {!of_app && place?.topic && <p class="head-topic">{place.topic}</p>}
      </div>
      {of_app && dm && (
        <div class="head-tabs" role="group" aria-label={workspace.app.name}>
          <button type="button" aria-pressed={home} onClick={() => onGo("home")}>
            Home
          </button>
          <button type="button" aria-pressed={!home} onClick={() => onGo(dm.id)}>
            Messages
            {home && dm.unread > 0 && (
              <span class="unread">
                {dm.unread}
                <span class="aside"> unread</span>
              </span>
            )}
          </button>
        </div>
      )}
    </header>
  );
}
