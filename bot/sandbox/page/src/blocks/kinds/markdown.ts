/** The Markdown of Slack's markdown block, as a tree: what people and models usually write, and no HTML. */

export type Span =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "strong" | "em" | "del"; inside: Span[] }
  | { kind: "link"; href: string; text: string };

export interface Item {
  depth: number;
  numbered: boolean;
  inside: Span[];
}

export type Paragraph =
  | { kind: "heading"; inside: Span[] }
  | { kind: "lines" | "quote"; inside: Span[] }
  | { kind: "list"; ordered: boolean; start: number; items: Item[] }
  | { kind: "pre"; text: string }
  | { kind: "rule" };

const ITEM = /^(\s*)(?:[-*+]|(\d+)[.)])\s+(.*)$/;
const ITALIC = /(?<![\p{L}\p{N}])_(?=\S)(.+?)(?<=\S)_(?![\p{L}\p{N}])/u;
const SPANS: [RegExp, (match: RegExpExecArray) => Span][] = [
  [/`([^`]+)`/, (match) => ({ kind: "code", text: match[1] ?? "" })],
  [/\[([^\]]+)\]\(([^)\s]+)\)/, (match) => ({ kind: "link", text: match[1] ?? "", href: match[2] ?? "" })],
  [/\*\*(?=\S)(.+?)(?<=\S)\*\*/, (match) => ({ kind: "strong", inside: spans(match[1] ?? "") })],
  [/~~(?=\S)(.+?)(?<=\S)~~/, (match) => ({ kind: "del", inside: spans(match[1] ?? "") })],
  [/\*(?=\S)(.+?)(?<=\S)\*/, (match) => ({ kind: "em", inside: spans(match[1] ?? "") })],
  [ITALIC, (match) => ({ kind: "em", inside: spans(match[1] ?? "") })],
];

/** The paragraphs of a text. */
export function paragraphs(text: string): Paragraph[] {
  const lines = text.split("\n");
  const found: Paragraph[] = [];
  while (lines.length) {
    const line = lines[0] ?? "";
    if (!line.trim()) lines.shift();
    else if (line.startsWith("```")) found.push(fenced(lines));
    else if (/^#{1,6}\s/.test(line)) found.push({ kind: "heading", inside: spans(shift(lines).replace(/^#+\s+/, "")) });
    else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) {
      lines.shift();
      found.push({ kind: "rule" });
    } else if (line.startsWith(">")) {
      const quoted = take(lines, (one) => one.startsWith(">")).map((one) => one.replace(/^>\s?/, ""));
      found.push({ kind: "quote", inside: spans(quoted.join("\n")) });
    } else if (ITEM.test(line)) found.push(list(take(lines, (one) => ITEM.test(one))));
    else found.push({ kind: "lines", inside: spans(take(lines, isPlain).join("\n")) });
  }
  return found;
}

function isPlain(line: string): boolean {
  return !!line.trim() && !/^(```|>|#{1,6}\s)/.test(line) && !ITEM.test(line);
}

function fenced(lines: string[]): Paragraph {
  lines.shift();
  const text = take(lines, (one) => !one.startsWith("```")).join("\n");
  lines.shift();
  return { kind: "pre", text };
}

function list(lines: string[]): Paragraph {
  const items = lines.map((line) => {
    const [, indent = "", number, words = ""] = ITEM.exec(line) ?? [];
    return { depth: Math.floor(indent.length / 2), numbered: number !== undefined, inside: spans(words) };
  });
  const number = ITEM.exec(lines[0] ?? "")?.[2];
  return { kind: "list", ordered: number !== undefined, start: Number(number ?? 1), items };
}

/** The styled runs of a line; whichever begins first holds. */
function spans(text: string): Span[] {
  let first: { match: RegExpExecArray; make: (match: RegExpExecArray) => Span } | null = null;
  for (const [form, make] of SPANS) {
    const match = form.exec(text);
    if (match && (!first || match.index < first.match.index)) first = { match, make };
  }
  if (!first) return text ? [{ kind: "text", text }] : [];
  const { match, make } = first;
  return [...spans(text.slice(0, match.index)), make(match), ...spans(text.slice(match.index + match[0].length))];
}

function shift(lines: string[]): string {
  return lines.shift() ?? "";
}

function take(lines: string[], belongs: (line: string) => boolean): string[] {
  const end = lines.findIndex((line) => !belongs(line));
  return lines.splice(0, end < 0 ? lines.length : Math.max(end, 0));
}
