/** Small print. */

import type { Block, Element } from "../../types";
import { Picture } from "../elements/Picture";
import { Words } from "../text/Words";

export function ContextBlock({ block }: { block: Block }) {
  return (
    <div class="bk-context">
      {((block.elements ?? []) as Element[]).map((piece, number) =>
        piece.type === "image" ? <Picture key={number} of={piece} small /> : <Words key={number} of={piece} />,
      )}
    </div>
  );
}
