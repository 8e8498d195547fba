/** The messages of a place, by day, with the unread ones marked off. */

import { Fragment } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { plain } from "../blocks/Blocks";
import type { Acts } from "../store/acts";
import type { Screen, Workspace } from "../types";
import { whoIs } from "./Avatar";
import { days, firstUnread } from "./grouping";
import { DownIcon } from "./Icons";
import { MessageItem } from "./MessageItem";
import { type Target, useScrolling } from "./scrolling";
import { dayName } from "./times";

interface Props {
  workspace: Workspace;
  screen: Screen;
  now: Date;
  looking: boolean; // whether somebody is looking; what they see is read
  target: Target | null;
  acts: Acts;
}

export function MessageList({ workspace, screen, now, looking, target, acts }: Props) {
  const viewer = screen.person;
  const key = `${viewer.id}/${screen.channel}`;
  const divider = useDivider(screen, key, looking);
  const { box, content, below, toEnd } = useScrolling({ key, messages: screen.messages, divider, target });
  const grouped = useMemo(() => days(screen.messages, viewer.tz), [screen.messages, viewer.tz]);
  const said = useAnnouncement(screen, workspace, key);
  return (
    <div class="messages-frame">
      <div class="messages" ref={box} tabIndex={0} role="region" aria-label="Messages">
        <div class="messages-content" ref={content}>
          {screen.messages.length === 0 && <p class="messages-none">Nothing has been written here yet.</p>}
          {grouped.map((day) => (
            <section key={day.key} aria-label={dayName(day.at, now, viewer.tz)}>
              <h3 class="day">
                <span>{dayName(day.at, now, viewer.tz)}</span>
              </h3>
              {day.lines.map(({ message, follows }) => (
                <Fragment key={message.ts}>
                  {message.ts === divider && (
                    <p class="divider">
                      <span>New</span>
                    </p>
                  )}
                  <MessageItem
                    message={message}
                    follows={follows && message.ts !== divider}
                    workspace={workspace}
                    viewer={viewer}
                    acts={acts}
                  />
                </Fragment>
              ))}
            </section>
          ))}
        </div>
      </div>
      {below && (
        <button type="button" class="below" onClick={toEnd}>
          New messages <DownIcon />
        </button>
      )}
      <p class="aside" aria-live="polite">
        {said}
      </p>
    </div>
  );
}

/** Where the unread messages began when the person came here, or since they last looked. */
function useDivider(screen: Screen, key: string, looking: boolean): string {
  const kept = useRef({ key: "", ts: "", looked: false });
  const { key: before, ts, looked } = kept.current;
  if (before !== key) kept.current = { key, ts: firstUnread(screen), looked: looking };
  else if (!looked || !looking) kept.current = { key, ts: firstUnread(screen) || ts, looked: looking };
  return kept.current.ts;
}

/** What is new, for those who listen: the notification, as a phone would show it. */
function useAnnouncement(screen: Screen, workspace: Workspace, key: string): string {
  const [said, setSaid] = useState("");
  const heard = useRef({ key: "", newest: 0 });
  useEffect(() => {
    const newest = Number(screen.messages[screen.messages.length - 1]?.ts ?? 0);
    if (heard.current.key === key) {
      const fresh = screen.messages.filter(
        (one) => Number(one.ts) > heard.current.newest && one.author !== screen.person.id,
      );
      const lines = fresh.map((one) => `${whoIs(workspace, one.author).name}: ${one.notification || plain(one.text)}`);
      if (lines.length) setSaid(lines.join(". "));
    } else setSaid("");
    heard.current = { key, newest };
  }, [screen.messages, key]);
  return said;
}
