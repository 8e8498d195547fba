/** A question of a form: its label, its field, a hint, and what is wrong with the answer. */

import type { Block, Element } from "../../types";
import { slotIn, useAround } from "../around";
import { ElementOf } from "../elements/ElementOf";
import { InlineWords, hasWords } from "../text/Words";

export function InputBlock({ block }: { block: Block }) {
  const around = useAround();
  const element = (block.element ?? { type: "" }) as Element;
  const wrong = around.errors[String(block.block_id)] ?? "";
  const bare = slotIn(around, block, element);
  const ids = { label: `${bare.id}-label`, hint: `${bare.id}-hint`, wrong: `${bare.id}-wrong` };
  const described = [wrong && ids.wrong, hasWords(block.hint) && ids.hint].filter(Boolean).join(" ") || undefined;
  const slot = { ...bare, wrong: !!wrong, describedBy: described };
  const label = (
    <>
      <InlineWords of={block.label} />
      {block.optional && <span class="bk-optional"> (optional)</span>}
    </>
  );
  const rest = (
    <>
      <ElementOf slot={slot} />
      {wrong && (
        <p class="bk-error" id={ids.wrong}>
          {wrong}
        </p>
      )}
      {hasWords(block.hint) && (
        <p class="bk-hint" id={ids.hint}>
          <InlineWords of={block.hint} />
        </p>
      )}
    </>
  );
  const shared = { class: `bk-input${wrong ? " bk-input-wrong" : ""}`, "data-wrong": wrong ? "" : undefined, "data-block": block.block_id };
  if (element.type === "radio_buttons" || element.type === "checkboxes") {
    return (
      <fieldset {...shared} aria-describedby={described}>
        <legend class="bk-label">{label}</legend>
        {rest}
      </fieldset>
    );
  }
  return (
    <div {...shared}>
      <label class="bk-label" id={ids.label} for={slot.id}>
        {label}
      </label>
      {rest}
    </div>
  );
}
