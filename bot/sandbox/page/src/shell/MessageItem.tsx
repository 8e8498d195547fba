/** One message: who, when, and what it says. */

import { useMemo } from "preact/hooks";
import { Blocks, Mrkdwn } from "../blocks/Blocks";
import type { Acts } from "../store/acts";
import type { Message, Person, Workspace } from "../types";
import { Avatar, whoIs } from "./Avatar";
import { EyeIcon } from "./Icons";
import { clockTime, fullTime, writtenAt } from "./times";

interface Props {
  message: Message;
  follows: boolean; // by the same author, soon after the one above
  workspace: Workspace;
  viewer: Person;
  acts: Acts;
}

export function MessageItem({ message, follows, workspace, viewer, acts }: Props) {
  const author = whoIs(workspace, message.author);
  const at = writtenAt(message);
  const head = `m${message.ts}`;
  // The clock of the stage moves every second; what is written does not.
  const body = useMemo(
    () =>
      message.blocks.length ? (
        <Blocks
          surface="message"
          blocks={message.blocks}
          values={message.values}
          errors={{}}
          workspace={workspace}
          viewer={viewer}
          onPress={(block_id, action_id, choice) => acts.press(message.ts, block_id, action_id, choice)}
          onEnter={(block_id, action_id, value) => acts.enter(message.ts, block_id, action_id, value)}
        />
      ) : (
        <p class="message-text">
          <Mrkdwn text={message.text} workspace={workspace} viewer={viewer} />
        </p>
      ),
    [message, workspace, viewer, acts],
  );
  const kind = `message${follows ? " message-follows" : ""}${message.ephemeral ? " message-ephemeral" : ""}`;
  return (
    <article class={kind} data-ts={message.ts} aria-labelledby={head}>
      {!follows && <Avatar id={message.author} name={author.name} app={author.app} />}
      <div class="message-main">
        {message.ephemeral && (
          <p class="message-only">
            <EyeIcon /> Only visible to you
          </p>
        )}
        <p class={follows ? "message-head aside" : "message-head"} id={head}>
          <strong class="message-author">{author.name}</strong>
          {author.app && <span class="app-badge">App</span>}
          <time dateTime={at.toISOString()} title={fullTime(at, viewer.tz)}>
            {clockTime(at, viewer.tz)}
          </time>
        </p>
        {body}
        {message.edited && <span class="message-edited">(edited)</span>}
      </div>
      {follows && (
        <span class="message-when" aria-hidden="true">
          {clockTime(at, viewer.tz)}
        </span>
      )}
    </article>
  );
}
