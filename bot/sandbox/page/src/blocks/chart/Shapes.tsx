/** The lines, bars or areas of a plot. A gap in the data is a gap in the line. */

import type { Frame } from "./frame";
import type { Reading, Series } from "./reading";

interface Props {
  chart: Reading;
  frame: Frame;
  at: number | null;
}

export function Shapes(props: Props) {
  return props.chart.kind === "bar" ? <Bars {...props} /> : <Lines {...props} />;
}

function Bars({ chart, frame, at }: Props) {
  const group = Math.min(frame.room * 0.72, 28 * chart.series.length);
  const wide = group / Math.max(1, chart.series.length);
  return (
    <g>
      {chart.series.map((one, number) => (
        <g key={one.name} class={`bk-series-${number + 1}`}>
          {one.values.map((value, category) => {
            if (value === null) return null;
            const y = frame.y(value);
            return (
              <rect
                key={category}
                class={at === null || at === category ? "bk-bar" : "bk-bar bk-faded"}
                x={frame.x(category) - group / 2 + number * wide + 1}
                width={Math.max(1, wide - 2)}
                y={Math.min(y, frame.base)}
                height={Math.max(1, Math.abs(frame.base - y))}
                rx={Math.min(3, wide / 4)}
              />
            );
          })}
        </g>
      ))}
    </g>
  );
}

function Lines({ chart, frame, at }: Props) {
  return (
    <g>
      {chart.series.map((one, number) => (
        <g key={one.name} class={`bk-series-${number + 1}`}>
          {runs(one).map((run) => {
            const line = run.map((point, n) => `${n ? "L" : "M"}${frame.x(point.at)} ${frame.y(point.value)}`).join("");
            const [first, last] = [run[0]?.at ?? 0, run[run.length - 1]?.at ?? 0];
            return (
              <g key={first}>
                {chart.kind === "area" && (
                  <path class="bk-area" d={`${line}L${frame.x(last)} ${frame.base}L${frame.x(first)} ${frame.base}Z`} />
                )}
                <path class="bk-line-path" d={line} />
                {run.map((point) => (
                  <circle
                    key={point.at}
                    class="bk-point"
                    cx={frame.x(point.at)}
                    cy={frame.y(point.value)}
                    r={at === point.at ? 5 : 3.2}
                  />
                ))}
              </g>
            );
          })}
        </g>
      ))}
    </g>
  );
}

function runs(series: Series): { at: number; value: number }[][] {
  const found: { at: number; value: number }[][] = [];
  let open = false;
  for (const [at, value] of series.values.entries()) {
    if (value === null) open = false;
    else if (open) found[found.length - 1]?.push({ at, value });
    else {
      found.push([{ at, value }]);
      open = true;
    }
  }
  return found;
}
