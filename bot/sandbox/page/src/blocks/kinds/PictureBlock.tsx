/** An image with its title. */

import type { Block } from "../../types";
import { Picture } from "../elements/Picture";
import { InlineWords, hasWords } from "../text/Words";

export function PictureBlock({ block }: { block: Block }) {
  return (
    <figure class="bk-figure">
      {hasWords(block.title) && (
        <figcaption>
          <InlineWords of={block.title} />
        </figcaption>
      )}
      <Picture of={block} />
    </figure>
  );
}
