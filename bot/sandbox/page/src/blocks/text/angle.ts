/** What stands between "<" and ">" in mrkdwn: mentions, links, dates. */

import { dateText } from "./dates";
import { unescaped } from "./entities";
import type { Names } from "./names";

/** Everything in angle brackets. Agrees with _ANGLE of rendering.py. */
export const ANGLE = /<([^<>\n]+)>/;

export type Angle =
  | { kind: "link"; href: string; text: string }
  | { kind: "mention"; text: string; id: string }
  | { kind: "words"; text: string };

/** Reads the inside of a pair of brackets for somebody in the time zone `tz`. */
export function readAngle(inside: string, names: Names, tz: string): Angle {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? "" : inside.slice(bar + 1);
  const id = target.slice(1);
  if (target.startsWith("@") || target.startsWith("#")) {
    return { kind: "mention", id, text: unescaped(label ? `${target[0]}${label}` : names.of(id)) };
  }
  if (target.startsWith("!date^")) return { kind: "words", text: unescaped(dateText(target, label, tz)) };
  if (target.startsWith("!subteam^")) {
    const group = target.slice("!subteam^".length);
    return { kind: "mention", id: group, text: unescaped(label || names.of(group)) };
  }
  if (target.startsWith("!")) return { kind: "mention", id, text: unescaped(`@${id}`) };
  return { kind: "link", href: unescaped(target), text: unescaped(label || target.replace(/^mailto:/, "")) };
}

/** Whether a link may be followed: nothing that runs in the page. */
export function isSafe(href: string): boolean {
  return /^(https?:\/\/|mailto:|tel:|slack:\/\/)/i.test(href);
}
