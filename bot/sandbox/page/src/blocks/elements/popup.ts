/** A small window beside a field or button: above everything, where there is room for it. */

import { useLayoutEffect, useRef } from "preact/hooks";
import type { RefObject } from "preact";

const GAP = 4; // px between the field and its list
const EDGE = 8; // px kept free at the edge of the screen
const HIGHEST = 296;

/** Places a popup at its anchor while it is open. `align`: which edges lie on one line. */
export function usePopup<Popup extends HTMLElement>(
  anchor: RefObject<HTMLElement | null>,
  open: boolean,
  align: "start" | "end" = "start",
): RefObject<Popup | null> {
  const popup = useRef<Popup>(null);
  useLayoutEffect(() => {
    const box = popup.current;
    if (!open || !box || !anchor.current) return;
    // The top layer lies above windows and knows no clipping; a browser without it does well enough with the rest.
    if ("showPopover" in box && !box.matches(":popover-open")) box.showPopover();
    const place = () => anchor.current && put(box, anchor.current.getBoundingClientRect(), align);
    place();
    const follow = new ResizeObserver(place);
    follow.observe(anchor.current);
    follow.observe(box);
    addEventListener("scroll", place, { capture: true, passive: true });
    addEventListener("resize", place);
    return () => {
      follow.disconnect();
      removeEventListener("scroll", place, { capture: true });
      removeEventListener("resize", place);
    };
  }, [open]);
  return popup;
}

function put(box: HTMLElement, at: DOMRect, align: "start" | "end"): void {
  const below = innerHeight - at.bottom - GAP - EDGE;
  const above = at.top - GAP - EDGE;
  const up = below < Math.min(box.scrollHeight, 200) && above > below;
  box.style.maxHeight = `${Math.max(80, Math.min(HIGHEST, up ? above : below))}px`;
  if (align === "start") box.style.width = `${at.width}px`;
  const { width, height } = box.getBoundingClientRect();
  const left = align === "start" ? at.left : at.right - width;
  move(box, Math.max(EDGE, Math.min(left, innerWidth - width - EDGE)), up ? at.top - GAP - height : at.bottom + GAP);
}

/** Moves a box to a point of the screen, wherever its own coordinates begin. */
function move(box: HTMLElement, left: number, top: number): void {
  box.style.left = "0px";
  box.style.top = "0px";
  const zero = box.getBoundingClientRect();
  box.style.left = `${left - zero.left}px`;
  box.style.top = `${top - zero.top}px`;
}
