/** The figures of a chart as a table, to be read aloud. */

import type { Reading } from "./reading";

export function Figures({ chart }: { chart: Reading }) {
  const columns =
    chart.kind === "pie"
      ? [{ name: "Value", values: chart.segments.map((one) => one.value) as (number | null)[] }]
      : chart.series;
  const rows = chart.kind === "pie" ? chart.segments.map((one) => one.label) : chart.categories;
  return (
    <div class="bk-aside">
      <table>
        <caption>{chart.title}</caption>
        <thead>
          <tr>
            <th scope="col">{chart.xLabel || "Of"}</th>
            {columns.map((column) => (
              <th key={column.name} scope="col">
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((label, at) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {columns.map((column) => (
                <td key={column.name}>{column.values[at] ?? ""}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
