/** Keeps what has not changed, so that nothing is drawn again for nothing. */

import type { Message, Screen } from "../types";

/** The old value where the new one says the same. */
export function same<T>(before: T | null | undefined, now: T): T {
  return before && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}

/** A screen in which whatever stayed as it was is the very same object as before. */
export function settled(before: Screen | null, now: Screen): Screen {
  if (!before || before.person.id !== now.person.id) return now;
  const screen = {
    ...now,
    person: same(before.person, now.person),
    places: same(before.places, now.places),
    home: same(before.home, now.home),
    views: same(before.views, now.views),
    messages: before.channel === now.channel ? settledMessages(before.messages, now.messages) : now.messages,
  };
  const names = Object.keys(screen) as (keyof Screen)[];
  return names.every((name) => screen[name] === before[name]) ? before : screen;
}

function settledMessages(before: Message[], now: Message[]): Message[] {
  const known = new Map(before.map((message) => [message.ts, message]));
  const messages = now.map((message) => same(known.get(message.ts), message));
  const unmoved = messages.length === before.length && messages.every((message, place) => message === before[place]);
  return unmoved ? before : messages;
}
