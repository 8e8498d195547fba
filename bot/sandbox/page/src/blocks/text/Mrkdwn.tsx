/** Slack's mrkdwn as elements of the page; nothing is ever taken for HTML. */

import { useMemo } from "preact/hooks";
import type { Person, Workspace } from "../../types";
import { isSafe } from "./angle";
import { cutAtEmoji, emojiWords } from "./emoji";
import { namesIn } from "./names";
import { Parser, type Inline, type Part } from "./parse";

interface Reading {
  text: string;
  workspace: Workspace;
  viewer: Person;
}

/** A text in mrkdwn: paragraphs, quotes, preformatted parts. */
export function Mrkdwn({ text, workspace, viewer }: Reading) {
  const parts = useMemo(() => new Parser(namesIn(workspace), viewer.tz).parts(text), [text, workspace, viewer.tz]);
  return (
    <div class="bk-words">
      {parts.map((part, number) => (
        <PartOf key={number} part={part} viewer={viewer.id} />
      ))}
    </div>
  );
}

/** The same within a line, where no paragraph can stand: in labels. */
export function MrkdwnInline({ text, workspace, viewer }: Reading) {
  const parts = useMemo(() => new Parser(namesIn(workspace), viewer.tz).inline(text), [text, workspace, viewer.tz]);
  return (
    <span class="bk-words">
      <Run inside={parts} viewer={viewer.id} />
    </span>
  );
}

function PartOf({ part, viewer }: { part: Part; viewer: string }) {
  if (part.kind === "pre") return <pre class="bk-pre">{part.text}</pre>;
  const run = <Run inside={part.inside} viewer={viewer} />;
  return part.kind === "quote" ? <blockquote class="bk-quote">{run}</blockquote> : <p class="bk-lines">{run}</p>;
}

function Run({ inside, viewer }: { inside: Inline[]; viewer: string }) {
  return (
    <>
      {inside.map((one, number) => (
        <Piece key={number} one={one} viewer={viewer} />
      ))}
    </>
  );
}

function Piece({ one, viewer }: { one: Inline; viewer: string }) {
  switch (one.kind) {
    case "text":
      return <WithEmoji text={one.text} />;
    case "words":
      return <>{one.text}</>;
    case "code":
      return <code class="bk-code">{one.text}</code>;
    case "mention":
      return <span class={one.id === viewer ? "bk-mention bk-mention-me" : "bk-mention"}>{one.text}</span>;
    case "link":
      return <Link href={one.href}>{one.text}</Link>;
    default: {
      const Tag = one.kind === "bold" ? "strong" : one.kind === "italic" ? "em" : "del";
      return (
        <Tag>
          <Run inside={one.inside} viewer={viewer} />
        </Tag>
      );
    }
  }
}

/** A link that opens beside the page; one that could run something in it is only its words. */
export function Link({ href, children }: { href: string; children: string }) {
  if (!isSafe(href)) return <>{children}</>;
  return (
    <a class="bk-link" href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

/** Words in which emoji are signs, read aloud by their names. */
export function WithEmoji({ text }: { text: string }) {
  return (
    <>
      {cutAtEmoji(text).map((piece, number) =>
        typeof piece === "string" ? (
          piece
        ) : (
          <span key={number} class="bk-emoji" role="img" aria-label={emojiWords(piece.name)} title={`:${piece.name}:`}>
            {piece.sign}
          </span>
        ),
      )}
    </>
  );
}
