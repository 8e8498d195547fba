/** Lines, bars and areas over categories. Pointing at a category, or going there by arrow keys, tells its values. */

import { useMemo, useState } from "preact/hooks";
import { Axes } from "./Axes";
import { frameFor, type Frame } from "./frame";
import { inWords, type Reading } from "./reading";
import { figure } from "./scale";
import { Shapes } from "./Shapes";

export function Plot({ chart, width }: { chart: Reading; width: number }) {
  const frame = useMemo(() => frameFor(chart, width), [chart, width]);
  const [at, setAt] = useState<number | null>(null);
  const last = chart.categories.length - 1;
  const step = (event: KeyboardEvent) => {
    const to = {
      ArrowRight: at === null ? 0 : Math.min(last, at + 1),
      ArrowLeft: at === null ? last : Math.max(0, at - 1),
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setAt(to);
  };
  const point = (event: { currentTarget: HTMLElement; clientX: number }) => {
    const left = event.currentTarget.getBoundingClientRect().left;
    const number = Math.floor((event.clientX - left - frame.left) / frame.room);
    setAt(number < 0 || number > last ? null : number);
  };
  return (
    <div
      class="bk-plot"
      role="group"
      aria-label={`${chart.title}: arrow keys tell the values`}
      tabIndex={0}
      onKeyDown={step}
      onFocus={() => setAt((before) => before ?? (last >= 0 ? last : null))}
      onBlur={() => setAt(null)}
      onPointerMove={point}
      onPointerLeave={() => setAt(null)}
    >
      {chart.yLabel && (
        <div class="bk-plot-y" aria-hidden="true">
          {chart.yLabel}
        </div>
      )}
      <div class="bk-plot-area">
        <svg
          role="img"
          aria-label={inWords(chart)}
          width={width}
          height={frame.height}
          viewBox={`0 0 ${width} ${frame.height}`}
        >
          <Axes chart={chart} frame={frame} at={at} />
          <Shapes chart={chart} frame={frame} at={at} />
        </svg>
        <Told chart={chart} frame={frame} at={at} width={width} />
      </div>
      {chart.xLabel && (
        <div class="bk-plot-x" aria-hidden="true">
          {chart.xLabel}
        </div>
      )}
    </div>
  );
}

/** The values at one category, beside it. */
function Told({ chart, frame, at, width }: { chart: Reading; frame: Frame; at: number | null; width: number }) {
  const x = at === null ? 0 : frame.x(at);
  const style = x > width / 2 ? { right: `${width - x + 10}px` } : { left: `${x + 10}px` };
  return (
    <div class="bk-told-place" role="status">
      {at !== null && (
        <div class="bk-told" style={style}>
          <div class="bk-told-label">{chart.categories[at]}</div>
          {chart.series.map((one, number) => (
            <div key={one.name} class="bk-told-line">
              <span class={`bk-legend-sign bk-series-${number + 1}`} aria-hidden="true" />
              <span>{one.name}</span> <strong>{one.values[at] === null ? "–" : figure(one.values[at] ?? 0)}</strong>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
