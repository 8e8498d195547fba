/** Slack's text objects: plain_text stands as it is, mrkdwn is read. Mirrors Renderer.object of rendering.py. */

import { useAround } from "../around";
import { unescaped } from "./entities";
import { Mrkdwn, MrkdwnInline, WithEmoji } from "./Mrkdwn";

interface Text {
  type?: string;
  text?: string;
  emoji?: boolean;
}

/** A text object where paragraphs can stand. */
export function Words({ of }: { of: unknown }) {
  const { workspace, viewer } = useAround();
  const { type, text } = read(of);
  if (type === "mrkdwn") return <Mrkdwn text={text} workspace={workspace} viewer={viewer} />;
  return (
    <p class="bk-lines">
      <PlainWords of={of} />
    </p>
  );
}

/** A text object within a line. */
export function InlineWords({ of }: { of: unknown }) {
  const { workspace, viewer } = useAround();
  const { type, text } = read(of);
  if (type === "mrkdwn") return <MrkdwnInline text={text} workspace={workspace} viewer={viewer} />;
  return <PlainWords of={of} />;
}

function PlainWords({ of }: { of: unknown }) {
  const { text, emoji } = read(of);
  const words = unescaped(text);
  return emoji === false ? <>{words}</> : <WithEmoji text={words} />;
}

/** Whether there is anything to read. */
export function hasWords(object: unknown): boolean {
  return read(object).text.trim() !== "";
}

function read(object: unknown): { type: string; text: string; emoji: boolean } {
  if (typeof object === "string") return { type: "plain_text", text: object, emoji: true };
  const { type = "plain_text", text = "", emoji = true } = (object ?? {}) as Text;
  return { type, text: String(text), emoji };
}
