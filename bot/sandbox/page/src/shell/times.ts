/** Days and times as somebody at a place on earth reads them. */

import type { Message } from "../types";

const formatters = new Map<string, Intl.DateTimeFormat>();

function format(tz: string, options: Intl.DateTimeFormatOptions, at: Date): string {
  const key = `${tz} ${JSON.stringify(options)}`;
  let formatter = formatters.get(key);
  if (!formatter) formatters.set(key, (formatter = new Intl.DateTimeFormat("en-GB", { timeZone: tz, ...options })));
  return formatter.format(at);
}

/** "10:05" */
export function clockTime(at: Date, tz: string): string {
  return format(tz, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, at);
}

/** "Tuesday, 23 June 2026 at 10:05", for those who ask for it. */
export function fullTime(at: Date, tz: string): string {
  return `${format(tz, { weekday: "long", day: "numeric", month: "long", year: "numeric" }, at)}, ${clockTime(at, tz)}`;
}

/** "2026-06-23": the same for all moments of a day there. */
export function dayKey(at: Date, tz: string): string {
  return format(tz, { year: "numeric", month: "2-digit", day: "2-digit" }, at).split("/").reverse().join("-");
}

/** "Today", "Yesterday" or "Tuesday, 23 June", with the year where it is another than now's. */
export function dayName(at: Date, now: Date, tz: string): string {
  const days = (Date.parse(dayKey(now, tz)) - Date.parse(dayKey(at, tz))) / 86_400_000;
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  const year = dayKey(at, tz).slice(0, 4) === dayKey(now, tz).slice(0, 4) ? undefined : ("numeric" as const);
  return format(tz, { weekday: "long", day: "numeric", month: "long", year }, at);
}

/** When a message was written. */
export function writtenAt(message: Message): Date {
  return new Date(Number(message.ts) * 1000);
}
