/** Looking on while a form is filled in elsewhere, by the guide or in another tab: what is acted on comes into view. */

import { useEffect, useRef } from "preact/hooks";
import type { RefObject } from "preact";
import type { View } from "../../types";
import type { Entries } from "../entries";

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const GLOW = 1100; // ms for which an answer that came from elsewhere is marked

/** Follows what is entered into a view, unless somebody fills it in here: nothing moves under their hands. */
export function useFollowing(body: RefObject<HTMLElement | null>, view: View, entries: Entries): void {
  const before = useRef(view);
  useEffect(() => {
    const { hash, values } = before.current;
    before.current = view;
    if (entries.used || hash !== view.hash) return; // another form has other fields: nobody has filled them in
    const changed = Object.keys(view.values).filter(
      (block) => JSON.stringify(values[block]) !== JSON.stringify(view.values[block]),
    );
    const blocks = [...(body.current?.querySelectorAll<HTMLElement>("[data-block]") ?? [])];
    // Of several at once the first is shown: whoever looks a form through begins at its top.
    const block = blocks.find((one) => changed.includes(one.dataset.block ?? ""));
    if (body.current && block) show(body.current, block);
  }, [view, entries]);
}

function show(pane: HTMLElement, block: HTMLElement): void {
  const chosen = block.querySelector<HTMLElement>(".bk-choice:has(:checked)");
  const room = pane.getBoundingClientRect();
  // Of what is taller than the pane at least the answer is shown.
  const shown = (block.offsetHeight <= pane.clientHeight ? block : (chosen ?? block)).getBoundingClientRect();
  if (shown.top < room.top || shown.bottom > room.bottom) {
    const top = pane.scrollTop + (shown.top + shown.bottom - room.top - room.bottom) / 2;
    pane.scrollTo({ top, behavior: calm.matches ? "auto" : "smooth" });
  }
  if (calm.matches) return;
  const wash = getComputedStyle(pane).getPropertyValue("--accent-wash");
  (chosen ?? block).animate({ backgroundColor: [wash, wash, "transparent"] }, { duration: GLOW });
}
