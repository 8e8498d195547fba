/** Where everything of a plot lies. */

import type { Reading } from "./reading";
import { everyNth, figure, scaleFor } from "./scale";

export interface Frame {
  height: number;
  left: number;
  right: number; // x of the right edge of the plotting area
  top: number;
  bottom: number; // y of its lower edge
  ticks: number[];
  room: number; // width of a category
  nth: number; // every how many categories have a label
  x(category: number): number; // the middle of a category
  y(value: number): number;
  base: number; // y of zero, or of the edge nearest to it
}

export function frameFor(chart: Reading, width: number): Frame {
  const values = chart.series.flatMap((one) => one.values.filter((value): value is number => value !== null));
  const { ticks, from, to } = scaleFor(values, chart.kind !== "line");
  const left = Math.max(...ticks.map((tick) => figure(tick).length)) * 7 + 14;
  const [top, bottom, height, right] = [8, 188, 214, width - 8];
  const room = (right - left) / Math.max(1, chart.categories.length);
  const y = (value: number) => bottom - ((value - from) / (to - from)) * (bottom - top);
  return {
    height,
    left,
    right,
    top,
    bottom,
    ticks,
    room,
    nth: everyNth(chart.categories, room),
    x: (category) => left + room * (category + 0.5),
    y,
    base: y(Math.min(to, Math.max(from, 0))),
  };
}
