/** Scales: round numbers along an axis, and where values lie on it. */

const STEPS = [1, 2, 2.5, 5, 10];

export interface Scale {
  ticks: number[];
  from: number;
  to: number;
}

/** A scale that holds all values. zero: begins at zero, as bars and areas must or their size would lie. */
export function scaleFor(values: number[], zero: boolean, most = 5): Scale {
  const whole = values.every(Number.isInteger);
  let low = Math.min(...values, ...(zero ? [0] : []));
  let high = Math.max(...values, ...(zero ? [0] : []));
  if (!Number.isFinite(low) || !Number.isFinite(high)) return { ticks: [0, 1], from: 0, to: 1 };
  if (low === high || (whole && !zero && high - low < 3)) {
    // A flat line runs through the middle, and a small step does not look like a fall from top to bottom.
    low -= zero || low === 0 ? 0 : 1;
    high += 1;
  } else if (!zero && low > 0 && low <= high * 0.25) low = 0;
  const step = stepFor(high - low, most, whole);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, number) => tidy((first + number) * step));
  return { ticks, from: ticks[0] ?? 0, to: ticks[ticks.length - 1] ?? 1 };
}

function stepFor(range: number, most: number, whole: boolean): number {
  const raw = range / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = (STEPS.find((one) => one * power >= raw - 1e-12) ?? 10) * power;
  if (!whole) return step;
  return step < 1 ? 1 : Number.isInteger(step) ? step : Math.ceil(step / 5) * 5;
}

function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

/** Numbers as an axis has them: "12", "1.5", "12,000". */
export function figure(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 2 });
}

/** Which labels fit beside each other: every nth, counted from the last, which is the newest. */
export function everyNth(labels: string[], room: number): number {
  const widest = Math.max(...labels.map((label) => label.length), 1) * 6.4 + 14;
  return Math.max(1, Math.ceil(widest / Math.max(room, 1)));
}
