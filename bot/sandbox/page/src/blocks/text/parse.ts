/** Slack's mrkdwn as a tree. What it says, word for word, is what rendering.py says; here it also has a look. */

import { ANGLE, readAngle, type Angle } from "./angle";
import { unescaped } from "./entities";
import { plainText } from "./plain";
import type { Names } from "./names";

export type Inline =
  | Angle
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "bold" | "italic" | "strike"; inside: Inline[] };

export type Part = { kind: "lines" | "quote"; inside: Inline[] } | { kind: "pre"; text: string };

const MARKS = { "*": "bold", _: "italic", "~": "strike" } as const;
type Mark = keyof typeof MARKS;

const ANGLE_HERE = new RegExp(ANGLE, "y");
const CODE_HERE = /`([^`\n]+)`/y;
const QUOTED = /^(?:>|&gt;) ?/;

/** Reads for somebody: mentions by their names, dates on their clock. */
export class Parser {
  constructor(
    private readonly names: Names,
    private readonly tz: string,
  ) {}

  /** The paragraphs, quotes and preformatted parts of a text. */
  parts(raw: string): Part[] {
    return raw.split(/```([^]*?)```/).flatMap((piece, number): Part[] => {
      if (number % 2) return [{ kind: "pre", text: this.plain(piece.replace(/^\n|\n$/g, "")) }];
      // The line break beside a preformatted part belongs to its box.
      const flush = number ? piece.replace(/^\n/, "") : piece;
      return this.quotesAndLines(flush);
    });
  }

  /** One run of text without quotes and preformatted parts. */
  inline(raw: string): Inline[] {
    const found: Inline[] = [];
    let words = "";
    const push = (...more: Inline[]) => {
      if (words) found.push({ kind: "text", text: unescaped(words) });
      words = "";
      found.push(...more);
    };
    for (let at = 0; at < raw.length; ) {
      const atom = atomAt(raw, at);
      const end = atom ? 0 : closing(raw, at);
      if (atom) {
        push(atom.code ? { kind: "code", text: this.plain(atom.inside) } : readAngle(atom.inside, this.names, this.tz));
        at = atom.end;
      } else if (end) {
        push({ kind: MARKS[raw[at] as Mark], inside: this.inline(raw.slice(at + 1, end)) });
        at = end + 1;
      } else {
        words += raw[at];
        at += 1;
      }
    }
    push();
    return found;
  }

  private quotesAndLines(raw: string): Part[] {
    const parts: Part[] = [];
    let kind: "lines" | "quote" = "lines";
    let lines: string[] = [];
    const finish = () => {
      const text = lines.join("\n");
      if (text.trim()) parts.push({ kind, inside: this.inline(text) });
      lines = [];
    };
    const all = raw.split("\n");
    for (const [number, line] of all.entries()) {
      if (/^(?:>|&gt;){3}/.test(line)) {
        finish();
        kind = "quote";
        lines = [line.replace(/^(?:>|&gt;){3} ?/, ""), ...all.slice(number + 1)];
        break;
      }
      const quoted = QUOTED.test(line);
      if (quoted !== (kind === "quote")) {
        finish();
        kind = quoted ? "quote" : "lines";
      }
      lines.push(quoted ? line.replace(QUOTED, "") : line);
    }
    finish();
    return parts;
  }

  private plain(raw: string): string {
    return plainText(raw, this.names, this.tz);
  }
}

/** A piece that formatting never reaches into: code, or something in angle brackets. */
function atomAt(raw: string, at: number): { inside: string; end: number; code: boolean } | null {
  const code = raw[at] === "`";
  if (!code && raw[at] !== "<") return null;
  const form = code ? CODE_HERE : ANGLE_HERE;
  form.lastIndex = at;
  const match = form.exec(raw);
  return match ? { inside: match[1] ?? "", end: form.lastIndex, code } : null;
}

/** Where the formatting that begins here ends, 0 when none begins: marks stand at the edges of words. */
function closing(raw: string, at: number): number {
  const mark = raw[at] ?? "";
  if (!(mark in MARKS) || isWord(raw[at - 1]) || raw[at - 1] === mark) return 0;
  if (!raw[at + 1] || /\s/.test(raw[at + 1] ?? "") || raw[at + 1] === mark) return 0;
  for (let end = at + 1; end < raw.length && raw[end] !== "\n"; ) {
    const atom = atomAt(raw, end);
    if (atom) {
      end = atom.end;
      continue;
    }
    const before = raw[end - 1] ?? "";
    if (raw[end] === mark && end > at + 1 && !/\s/.test(before) && !isWord(raw[end + 1]) && raw[end + 1] !== mark) {
      return end;
    }
    end += 1;
  }
  return 0;
}

function isWord(character: string | undefined): boolean {
  return !!character && /[\p{L}\p{N}]/u.test(character);
}
