/** A chart as the app sends it, put in order, and told in words. */

import type { Block } from "../../types";
import { unescaped } from "../text/entities";

export interface Point {
  label: string;
  value: number;
}

export interface Series {
  name: string;
  values: (number | null)[]; // one a category
}

export interface Reading {
  kind: "line" | "bar" | "area" | "pie";
  title: string;
  categories: string[];
  series: Series[];
  segments: Point[]; // of a pie
  xLabel: string;
  yLabel: string;
}

interface Sent {
  type?: string;
  series?: { name?: string; data?: Point[] }[];
  segments?: Point[];
  axis_config?: { categories?: string[]; x_label?: string; y_label?: string };
}

/** Reads a data_visualization block; null when it is of a kind nobody here knows. */
export function readChart(block: Block): Reading | null {
  const chart = (block.chart ?? {}) as Sent;
  const kind = chart.type;
  if (kind !== "line" && kind !== "bar" && kind !== "area" && kind !== "pie") return null;
  const title = block.title as string | { text?: string } | undefined;
  const axis = chart.axis_config ?? {};
  const categories = axis.categories ?? chart.series?.[0]?.data?.map((point) => point.label) ?? [];
  return {
    kind,
    title: unescaped(typeof title === "string" ? title : (title?.text ?? "")),
    categories,
    series: (chart.series ?? []).map((one) => ({
      name: one.name ?? "",
      values: categories.map((label) => one.data?.find((point) => point.label === label)?.value ?? null),
    })),
    segments: (chart.segments ?? []).map((one) => ({ label: one.label, value: Number(one.value) || 0 })),
    xLabel: axis.x_label ?? "",
    yLabel: axis.y_label ?? "",
  };
}

const CALLED = { line: "Line chart", bar: "Bar chart", area: "Area chart", pie: "Pie chart" };

/** Everything a chart shows, in a few sentences. */
export function inWords(chart: Reading): string {
  const parts = [`${CALLED[chart.kind]}: ${chart.title}.`];
  if (chart.kind === "pie") {
    const all = total(chart.segments);
    parts.push(`${chart.segments.map((one) => `${one.label} ${one.value} (${share(one.value, all)})`).join(", ")}.`);
    return parts.join(" ");
  }
  if (chart.xLabel) parts.push(`Across: ${chart.xLabel}.`);
  if (chart.yLabel) parts.push(`Upwards: ${chart.yLabel}.`);
  for (const one of chart.series) {
    const points = chart.categories.map((label, at) => `${label} ${one.values[at] ?? "nothing"}`);
    parts.push(`${one.name}: ${points.join(", ")}.`);
  }
  return parts.join(" ");
}

export function total(segments: Point[]): number {
  return segments.reduce((sum, one) => sum + one.value, 0);
}

/** "37%" */
export function share(value: number, all: number): string {
  return all ? `${Math.round((value / all) * 100)}%` : "";
}
