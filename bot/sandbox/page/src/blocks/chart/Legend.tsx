/** Which colour is what. */
export function Legend({ of }: { of: { name: string; detail: string }[] }) {
  return (
    <ul class="bk-legend" aria-hidden="true">
      {of.map((one, number) => (
        <li key={number}>
          <span class={`bk-legend-sign bk-series-${number + 1}`} />
          {one.name}
          {one.detail && <span class="bk-legend-detail">{one.detail}</span>}
        </li>
      ))}
    </ul>
  );
}
