/** A pie, from twelve o'clock on. */

import { inWords, share, total, type Reading } from "./reading";

const SIZE = 180;
const MIDDLE = SIZE / 2;
const RADIUS = MIDDLE - 2;

export function Pie({ chart }: { chart: Reading }) {
  const all = total(chart.segments);
  let gone = 0;
  return (
    <svg
      class="bk-pie"
      role="img"
      aria-label={inWords(chart)}
      width={SIZE}
      height={SIZE}
      viewBox={`0 0 ${SIZE} ${SIZE}`}
    >
      {chart.segments.map((one, number) => {
        const from = all ? gone / all : 0;
        gone += one.value;
        return (
          <path key={one.label} class={`bk-slice bk-series-${number + 1}`} d={slice(from, all ? gone / all : 0)}>
            <title>{`${one.label}: ${one.value} (${share(one.value, all)})`}</title>
          </path>
        );
      })}
    </svg>
  );
}

function slice(from: number, to: number): string {
  const arc = `A${RADIUS} ${RADIUS} 0`;
  // A whole circle takes two arcs: one would begin where it ends.
  if (to - from >= 1) return `M${edge(0)}${arc} 1 1 ${edge(0.5)}${arc} 1 1 ${edge(0)}Z`;
  return `M${MIDDLE} ${MIDDLE}L${edge(from)}${arc} ${to - from > 0.5 ? 1 : 0} 1 ${edge(to)}Z`;
}

function edge(turn: number): string {
  const angle = turn * 2 * Math.PI;
  const [x, y] = [MIDDLE + RADIUS * Math.sin(angle), MIDDLE - RADIUS * Math.cos(angle)];
  return `${x.toFixed(2)} ${y.toFixed(2)}`;
}
