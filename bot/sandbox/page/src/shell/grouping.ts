/** How a conversation is laid out: days, messages that follow one another, and where the unread ones begin. */

import type { Message, Screen } from "../types";
import { dayKey, writtenAt } from "./times";

const SOON = 5 * 60; // seconds within which a message goes on where its author's last one ended

export interface Day {
  key: string;
  at: Date;
  lines: { message: Message; follows: boolean }[];
}

export function days(messages: Message[], tz: string): Day[] {
  const found: Day[] = [];
  let last: Message | null = null;
  for (const message of messages) {
    const at = writtenAt(message);
    const key = dayKey(at, tz);
    let day = found[found.length - 1];
    if (day?.key !== key) {
      day = { key, at, lines: [] };
      found.push(day);
      last = null;
    }
    const follows =
      last !== null &&
      last.author === message.author &&
      !last.ephemeral &&
      !message.ephemeral &&
      !message.blocks.length && // what an app has laid out stands under its own head
      Number(message.ts) - Number(last.ts) < SOON;
    day.lines.push({ message, follows });
    last = message;
  }
  return found;
}

/** The ts of the first message of a screen that its person has not read yet, "" when all is read. */
export function firstUnread(screen: Screen): string {
  const unread = screen.places.find((place) => place.id === screen.channel)?.unread ?? 0;
  const shared = screen.messages.filter((one) => !one.ephemeral);
  const fresh = shared.slice(Math.max(0, shared.length - unread), shared.length);
  return (unread > 0 && fresh.find((one) => one.author !== screen.person.id)?.ts) || "";
}
