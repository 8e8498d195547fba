/** A native chart, drawn calmly: a picture with its words for whoever does not see it, and its figures as a table. */

import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { RefObject } from "preact";
import type { Block } from "../../types";
import { Unknown } from "../kinds/Unknown";
import { Figures } from "./Figures";
import { Legend } from "./Legend";
import { Pie } from "./Pie";
import { Plot } from "./Plot";
import { readChart, share, total } from "./reading";

export function Chart({ block }: { block: Block }) {
  const chart = useMemo(() => readChart(block), [block]);
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  if (!chart) return <Unknown type="data_visualization" />;
  const all = total(chart.segments);
  const named =
    chart.kind === "pie"
      ? chart.segments.map((one) => ({ name: one.label, detail: share(one.value, all) }))
      : chart.series.map((one) => ({ name: one.name, detail: "" }));
  return (
    <figure class="bk-chart">
      <figcaption class="bk-chart-title">{chart.title}</figcaption>
      <div ref={place} class={chart.kind === "pie" ? "bk-chart-place bk-chart-round" : "bk-chart-place"}>
        {chart.kind === "pie" ? <Pie chart={chart} /> : <Plot chart={chart} width={width} />}
        {(chart.kind === "pie" || named.length > 1) && <Legend of={named} />}
      </div>
      <Figures chart={chart} />
    </figure>
  );
}

/** How wide there is room; text in a chart keeps its size, so the drawing follows the room. */
function useWidth(place: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(480);
  useLayoutEffect(() => {
    const box = place.current;
    if (!box) return;
    const look = () => setWidth(Math.max(200, Math.round(box.clientWidth)));
    look();
    const follow = new ResizeObserver(look);
    follow.observe(box);
    return () => follow.disconnect();
  }, []);
  return width;
}
