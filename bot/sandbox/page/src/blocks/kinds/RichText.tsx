/** rich_text: paragraphs, lists, quotes and preformatted text, made of styled runs. */

import type { ComponentChildren } from "preact";
import type { Block } from "../../types";
import { useAround } from "../around";
import { dateText } from "../text/dates";
import { emojiSign, emojiWords } from "../text/emoji";
import { Link } from "../text/Mrkdwn";

interface Leaf {
  type: string;
  [key: string]: any;
}

/** A rich_text block, or a cell of a table. */
export function RichText({ block }: { block: Block }) {
  return (
    <div class="bk-words bk-rich">
      {((block.elements ?? []) as Leaf[]).map((part, number) => (
        <Paragraph key={number} part={part} />
      ))}
    </div>
  );
}

function Paragraph({ part }: { part: Leaf }) {
  const inside = <Leaves of={part.elements} />;
  if (part.type === "rich_text_list") return <List part={part} />;
  if (part.type === "rich_text_quote") return <blockquote class="bk-quote">{inside}</blockquote>;
  if (part.type === "rich_text_preformatted") return <pre class="bk-pre">{inside}</pre>;
  return <p class="bk-lines">{inside}</p>;
}

function List({ part }: { part: Leaf }) {
  const items = ((part.elements ?? []) as Leaf[]).map((item, number) => (
    <li key={number}>
      <Leaves of={item.elements} />
    </li>
  ));
  const style = { marginInlineStart: `${Number(part.indent ?? 0) * 22}px` };
  if (part.style !== "ordered") return <ul style={style}>{items}</ul>;
  return (
    <ol style={style} start={Number(part.offset ?? 0) + 1}>
      {items}
    </ol>
  );
}

function Leaves({ of }: { of: unknown }) {
  return (
    <>
      {((of ?? []) as Leaf[]).map((leaf, number) => (
        <Styled key={number} style={leaf.style}>
          <LeafOf leaf={leaf} />
        </Styled>
      ))}
    </>
  );
}

function Styled({ style, children }: { style?: Record<string, boolean>; children: ComponentChildren }) {
  let inside = children;
  if (style?.code) inside = <code class="bk-code">{inside}</code>;
  if (style?.strike) inside = <del>{inside}</del>;
  if (style?.underline) inside = <u>{inside}</u>;
  if (style?.italic) inside = <em>{inside}</em>;
  if (style?.bold) inside = <strong>{inside}</strong>;
  return <>{inside}</>;
}

function LeafOf({ leaf }: { leaf: Leaf }) {
  const { names, viewer } = useAround();
  const mentioned = leaf.user_id ?? leaf.channel_id ?? leaf.usergroup_id;
  if (mentioned) {
    const me = mentioned === viewer.id ? " bk-mention-me" : "";
    return <span class={`bk-mention${me}`}>{names.of(mentioned)}</span>;
  }
  switch (leaf.type) {
    case "link":
      return <Link href={String(leaf.url ?? "")}>{String(leaf.text || leaf.url || "")}</Link>;
    case "emoji":
      return <Emoji name={String(leaf.name)} />;
    case "broadcast":
      return <span class="bk-mention">@{leaf.range}</span>;
    case "date":
      return <>{dateText(`!date^${leaf.timestamp}^${leaf.format ?? ""}`, String(leaf.fallback ?? ""), viewer.tz)}</>;
    case "color":
      return <code class="bk-code">{leaf.value}</code>;
    default:
      return <>{String(leaf.text ?? leaf.url ?? leaf.fallback ?? "")}</>;
  }
}

function Emoji({ name }: { name: string }) {
  const sign = emojiSign(name);
  if (!sign) return <>:{name}:</>;
  return (
    <span class="bk-emoji" role="img" aria-label={emojiWords(name)}>
      {sign}
    </span>
  );
}
