/** Slack's `<!date^...>`, in the zone of the person who reads. Agrees with Renderer._date of rendering.py. */

const LAST_SECOND = 253402300799; // of the year 9999

/** A date as it reads: "!date^1773046800^{date_short} at {time}" and what to say where that is no date. */
export function dateText(target: string, fallback: string, tz: string): string {
  const [, stamp = "", form = ""] = target.split("^");
  if (!/^\s*[+-]?\d+\s*$/.test(stamp)) return fallback;
  const seconds = Number(stamp);
  if (Math.abs(seconds) > LAST_SECOND) return fallback;
  const at = partsOf(new Date(seconds * 1000), tz);
  const date = `${at.month} ${at.day}, ${at.year}`;
  const short = `${at.month.slice(0, 3)} ${at.day}, ${at.year}`;
  const parts: [string, string][] = [
    ["{date_num}", `${at.year.padStart(4, "0")}-${at.monthNumber}-${at.day.padStart(2, "0")}`],
    ["{date}", date],
    ["{date_short}", short],
    ["{date_long}", `${at.weekday}, ${date}`],
    ["{date_pretty}", date],
    ["{date_short_pretty}", short],
    ["{date_long_pretty}", `${at.weekday}, ${date}`],
    ["{time}", `${at.hour}:${at.minute}`],
    ["{time_secs}", `${at.hour}:${at.minute}:${at.second}`],
  ];
  return parts.reduce((text, [name, value]) => text.replaceAll(name, value), form);
}

function partsOf(instant: Date, tz: string) {
  const form = formatter(tz);
  const found = Object.fromEntries(form.formatToParts(instant).map((part) => [part.type, part.value]));
  const number = MONTHS.indexOf(found.month ?? "") + 1;
  return {
    year: found.year ?? "",
    month: found.month ?? "",
    monthNumber: String(number).padStart(2, "0"),
    day: found.day ?? "",
    weekday: found.weekday ?? "",
    hour: found.hour ?? "",
    minute: found.minute ?? "",
    second: found.second ?? "",
  };
}

function formatter(tz: string): Intl.DateTimeFormat {
  const wishes: Intl.DateTimeFormatOptions = {
    weekday: "long",
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  };
  try {
    return new Intl.DateTimeFormat("en-US", { ...wishes, timeZone: tz });
  } catch {
    return new Intl.DateTimeFormat("en-US", { ...wishes, timeZone: "UTC" }); // a zone this browser does not know
  }
}

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
