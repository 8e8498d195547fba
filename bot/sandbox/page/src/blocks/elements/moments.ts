/** Moments on somebody's clock: "2026-03-09T18:00" in a time zone, and the seconds Slack counts. */

/** What the clock of a zone shows at a moment. */
export function localMinute(seconds: number, tz: string): string {
  const form = new Intl.DateTimeFormat("sv-SE", {
    timeZone: tz,
    dateStyle: "short",
    timeStyle: "short",
  });
  return form.format(new Date(seconds * 1000)).replace(" ", "T");
}

/** The moment at which the clock of a zone shows this. */
export function momentOf(local: string, tz: string): number {
  const wanted = Date.parse(`${local}Z`) / 1000;
  let moment = wanted;
  // A second look, since the offset may have changed between the two.
  for (let look = 0; look < 2; look++) moment += wanted - Date.parse(`${localMinute(moment, tz)}Z`) / 1000;
  return moment;
}
