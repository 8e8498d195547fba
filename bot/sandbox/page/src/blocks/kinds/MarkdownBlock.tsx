/** The markdown block. */

import type { Block } from "../../types";
import { useAround } from "../around";
import { Link, WithEmoji } from "../text/Mrkdwn";
import { plainText } from "../text/plain";
import { paragraphs, type Paragraph, type Span } from "./markdown";

export function MarkdownBlock({ block }: { block: Block }) {
  const { names, viewer } = useAround();
  const text = plainText(String(block.text ?? ""), names, viewer.tz);
  return (
    <div class="bk-words bk-rich">
      {paragraphs(text).map((one, number) => (
        <ParagraphOf key={number} one={one} />
      ))}
    </div>
  );
}

function ParagraphOf({ one }: { one: Paragraph }) {
  switch (one.kind) {
    case "heading":
      return (
        <p class="bk-lines">
          <strong>
            <Spans of={one.inside} />
          </strong>
        </p>
      );
    case "quote":
      return (
        <blockquote class="bk-quote">
          <Spans of={one.inside} />
        </blockquote>
      );
    case "pre":
      return <pre class="bk-pre">{one.text}</pre>;
    case "rule":
      return <hr class="bk-divider" />;
    case "list": {
      const items = one.items.map((item, number) => (
        <li
          key={number}
          style={{ marginInlineStart: `${item.depth * 22}px`, listStyleType: item.numbered ? "decimal" : "disc" }}
        >
          <Spans of={item.inside} />
        </li>
      ));
      return one.ordered ? <ol start={one.start}>{items}</ol> : <ul>{items}</ul>;
    }
    default:
      return (
        <p class="bk-lines">
          <Spans of={one.inside} />
        </p>
      );
  }
}

function Spans({ of }: { of: Span[] }) {
  return (
    <>
      {of.map((span, number) => {
        if (span.kind === "text") return <WithEmoji key={number} text={span.text} />;
        if (span.kind === "link") {
          return (
            <Link key={number} href={span.href}>
              {span.text}
            </Link>
          );
        }
        if (span.kind === "code") {
          return (
            <code key={number} class="bk-code">
              {span.text}
            </code>
          );
        }
        const Tag = span.kind;
        return (
          <Tag key={number}>
            <Spans of={span.inside} />
          </Tag>
        );
      })}
    </>
  );
}
