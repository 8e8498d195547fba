/** Where one can go: Home of the app, channels, the app's direct message. */

import type { Place, Workspace } from "../types";
import { Avatar } from "./Avatar";
import { HashIcon, HomeIcon, LockIcon } from "./Icons";

interface Props {
  workspace: Workspace;
  places: Place[];
  current: string; // the id of a place, "home", or "" while none is looked at
  onGo(place: string): void;
}

export function Sidebar({ workspace, places, current, onGo }: Props) {
  const line = (place: Place) => (
    <Line key={place.id} place={place} workspace={workspace} current={current === place.id} onGo={onGo} />
  );
  const channels = places.filter((place) => place.kind !== "app");
  return (
    <nav class="sidebar" aria-label="Places">
      <h2 class="sidebar-team">{workspace.team.name}</h2>
      <div class="sidebar-scroll">
        <ul>
          <li>
            <button
              type="button"
              class="place"
              aria-current={current === "home" ? "page" : undefined}
              onClick={() => onGo("home")}
            >
              <span class="place-sign">
                <HomeIcon />
              </span>
              <span class="place-name">Home</span>
            </button>
          </li>
        </ul>
        {channels.length > 0 && (
          <section aria-labelledby="channels">
            <h3 id="channels">Channels</h3>
            <ul>{channels.map(line)}</ul>
          </section>
        )}
        <section aria-labelledby="apps">
          <h3 id="apps">Apps</h3>
          <ul>{places.filter((place) => place.kind === "app").map(line)}</ul>
        </section>
      </div>
    </nav>
  );
}

interface LineProps {
  place: Place;
  workspace: Workspace;
  current: boolean;
  onGo(place: string): void;
}

function Line({ place, workspace, current, onGo }: LineProps) {
  return (
    <li>
      <button
        type="button"
        class={place.unread ? "place place-unread" : "place"}
        aria-current={current ? "page" : undefined}
        onClick={() => onGo(place.id)}
      >
        <span class="place-sign">
          {place.kind === "app" && <Avatar id={workspace.app.bot_user_id} name={place.name} app size={20} />}
          {place.kind === "channel" && <HashIcon />}
          {place.kind === "private" && <LockIcon />}
        </span>
        <span class="place-name">
          {place.name}
          {place.kind === "private" && <span class="aside"> (private)</span>}
        </span>
        {place.unread > 0 &&
          (place.kind === "app" ? (
            <span class="unread">
              {place.unread}
              <span class="aside"> unread</span>
            </span>
          ) : (
            <span class="aside"> unread</span> // in a channel the bold name says so, as nobody counts there
          ))}
      </button>
    </li>
  );
}
