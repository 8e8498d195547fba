/** Grid lines with their figures, categories, and the line through the category that is told. */

import type { Frame } from "./frame";
import type { Reading } from "./reading";
import { figure } from "./scale";

export function Axes({ chart, frame, at }: { chart: Reading; frame: Frame; at: number | null }) {
  const last = chart.categories.length - 1;
  return (
    <g class="bk-axes">
      {frame.ticks.map((tick) => (
        <g key={tick}>
          <line x1={frame.left} x2={frame.right} y1={frame.y(tick)} y2={frame.y(tick)} class="bk-grid" />
          <text x={frame.left - 8} y={frame.y(tick)} dy="0.35em" text-anchor="end">
            {figure(tick)}
          </text>
        </g>
      ))}
      {chart.categories.map(
        (label, number) =>
          (last - number) % frame.nth === 0 && (
            <text key={label} {...placed(label, frame, number)} y={frame.bottom + 18}>
              {label}
            </text>
          ),
      )}
      {at !== null && <line class="bk-at" x1={frame.x(at)} x2={frame.x(at)} y1={frame.top} y2={frame.bottom} />}
    </g>
  );
}

/** A label in the middle of its category, or at the edge where it would be cut off. */
function placed(label: string, frame: Frame, number: number) {
  const half = label.length * 3.2;
  const x = frame.x(number);
  if (x + half > frame.right + 8) return { x: frame.right + 8, "text-anchor": "end" as const };
  if (x - half < 0) return { x: 0, "text-anchor": "start" as const };
  return { x, "text-anchor": "middle" as const };
}
