/** The question before a button acts. */

import { useEffect, useId, useRef } from "preact/hooks";
import { useSaid } from "../around";
import { Words, hasWords } from "../text/Words";
import { keepTabInside, useFocusReturn } from "./focus";

interface Props {
  confirm: { title?: unknown; text?: unknown; confirm?: unknown; deny?: unknown; style?: string };
  fallback: string; // the title of one that has none
  onAnswer(yes: boolean): void;
}

export function Confirm({ confirm, fallback, onAnswer }: Props) {
  const said = useSaid();
  const id = useId();
  const dialog = useRef<HTMLDivElement>(null);
  const danger = confirm.style === "danger";
  useFocusReturn(true);
  // Enter does nothing that cannot be undone: there the way out is in front.
  useEffect(() => dialog.current?.querySelector<HTMLElement>(danger ? ".bk-deny" : ".bk-yes")?.focus(), []);
  return (
    <div
      class="bk-layer bk-layer-confirm"
      onKeyDown={(event) => {
        event.stopPropagation(); // the window behind has keys of its own
        if (event.key === "Escape") onAnswer(false);
        else if (dialog.current) keepTabInside(event, dialog.current);
      }}
    >
      <div
        ref={dialog}
        class="bk-window bk-confirm"
        role="alertdialog"
        aria-modal="true"
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-text`}
        tabIndex={-1}
      >
        <h2 class="bk-window-title" id={`${id}-title`}>
          {said(confirm.title) || fallback}
        </h2>
        <div id={`${id}-text`} class="bk-confirm-text">
          {hasWords(confirm.text) && <Words of={confirm.text} />}
        </div>
        <div class="bk-window-buttons">
          <button type="button" class="bk-button bk-deny" onClick={() => onAnswer(false)}>
            {said(confirm.deny) || "Cancel"}
          </button>
          <button
            type="button"
            class={`bk-button bk-yes ${danger ? "bk-button-danger bk-button-full" : "bk-button-primary"}`}
            onClick={() => onAnswer(true)}
          >
            {said(confirm.confirm) || "Yes"}
          </button>
        </div>
      </div>
    </div>
  );
}
