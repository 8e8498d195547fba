/** Text, with something beside it. */

import type { Block, Element } from "../../types";
import { slotIn, useAround } from "../around";
import { ElementOf } from "../elements/ElementOf";
import { isField } from "../states";
import { Words } from "../text/Words";

export function Section({ block }: { block: Block }) {
  const around = useAround();
  const accessory = block.accessory as Element | undefined;
  const words = `${around.prefix}-${block.block_id ?? ""}-words`.replace(/[^\w-]/g, "_");
  // A field beside a text is named by it.
  const labelledBy = accessory && isField(accessory.type) ? words : undefined;
  return (
    <div class="bk-section" data-block={block.block_id}>
      <div class="bk-section-words" id={labelledBy}>
        {block.text && <Words of={block.text} />}
        {block.fields && (
          <div class="bk-fields">
            {(block.fields as unknown[]).map((field, number) => (
              <Words key={number} of={field} />
            ))}
          </div>
        )}
      </div>
      {accessory && (
        <div class={`bk-accessory${isField(accessory.type) ? " bk-accessory-field" : ""}`}>
          <ElementOf slot={slotIn(around, block, accessory, { labelledBy })} />
        </div>
      )}
    </div>
  );
}
