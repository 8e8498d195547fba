/** Something this page does not know, as quiet as rendering.py says it. */
export function Unknown({ type }: { type: string }) {
  return <div class="bk-unknown">({type})</div>;
}
