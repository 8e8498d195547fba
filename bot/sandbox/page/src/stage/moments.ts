/** Time in words, and the virtual clock as it runs along. */

import { useEffect, useState } from "preact/hooks";

/** A moment where somebody lives: "Tuesday 23 June", "10:05", "in Berlin". */
export interface LocalMoment {
  day: string;
  shortDay: string; // "Tue 23 June"
  time: string;
  where: string; // "in Berlin", "UTC"
  whole: string; // "Tuesday 23 June 2026, 10:05 in Berlin"
}

/** What the clocks show in a zone; in UTC where the zone is not known to this browser. */
export function localMoment(at: Date, zone: string): LocalMoment {
  const known = isZone(zone) ? zone : "UTC";
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { ...options, timeZone: known }).format(at);
  const date = part({ day: "numeric", month: "long" });
  const day = `${part({ weekday: "long" })} ${date}`;
  const time = part({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const where = placeOf(known);
  return {
    day,
    shortDay: `${part({ weekday: "short" })} ${date}`,
    time,
    where,
    whole: `${day} ${part({ year: "numeric" })}, ${time} ${where}`,
  };
}

/** "Tue 08:05:12", for lists whose heading says that times are UTC. */
export function clockTime(at: string): string {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return at;
  return new Intl.DateTimeFormat("en-GB", {
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZone: "UTC",
  })
    .format(moment)
    .replace(",", "");
}

/** The virtual time now: it runs along with real time between two events of the stream. */
export function useClock(now: string, running: boolean): Date {
  const [gone, setGone] = useState({ since: now, milliseconds: 0 });
  useEffect(() => {
    if (!running) return;
    const started = performance.now();
    const timer = setInterval(
      () => setGone({ since: now, milliseconds: performance.now() - started }),
      1000,
    );
    return () => clearInterval(timer);
  }, [now, running]);
  return new Date(Date.parse(now) + (gone.since === now ? gone.milliseconds : 0));
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: zone }) !== null;
  } catch {
    return false;
  }
}

function placeOf(zone: string): string {
  const city = zone.split("/").pop() ?? "";
  return zone.includes("/") && !zone.startsWith("Etc/") ? `in ${city.replaceAll("_", " ")}` : "UTC";
}
