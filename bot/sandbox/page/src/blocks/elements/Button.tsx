/** A button of the app. */

import { useAround, useSaid, type Slot } from "../around";
import { Confirm } from "../windows/Confirm";
import { InlineWords } from "../text/Words";
import { usePressing } from "./pressing";
import { Trouble } from "./Trouble";

export function Button({ slot }: { slot: Slot }) {
  const { element } = slot;
  const { disabled } = useAround();
  const said = useSaid();
  const { busy, trouble, asking, press, answer } = usePressing(slot);
  const style = element.style === "primary" || element.style === "danger" ? ` bk-button-${element.style}` : "";
  const link = /^https?:\/\//i.test(String(element.url ?? "")) ? String(element.url) : "";
  return (
    <span class="bk-button-place">
      <button
        type="button"
        class={`bk-button${style}`}
        disabled={disabled}
        aria-disabled={busy || undefined}
        aria-busy={busy || undefined}
        aria-label={element.accessibility_label || undefined}
        title={link || undefined}
        onClick={() => {
          if (link && !busy) open(link, "_blank", "noopener,noreferrer");
          press();
        }}
      >
        <span class="bk-button-words">
          <InlineWords of={element.text} />
        </span>
      </button>
      <Trouble text={trouble} />
      {asking !== null && <Confirm confirm={element.confirm} fallback={said(element.text)} onAnswer={answer} />}
    </span>
  );
}
