/** Where the focus goes in a window: into it, to what is wrong, and never nowhere. */

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { RefObject } from "preact";
import { fieldIn, firstField, reachable } from "./focus";

interface Wish {
  root: RefObject<HTMLElement | null>;
  body: RefObject<HTMLElement | null>;
  front: boolean;
  errors: Record<string, string>;
  attempt: number;
}

export function useWindowFocus({ root, body, front, errors, attempt }: Wish): void {
  const last = useRef<HTMLElement | null>(null); // what had the focus here

  useEffect(() => {
    const box = root.current;
    if (!box) return;
    const note = ({ target }: FocusEvent) => {
      // A question in front of the window gives the focus back by itself.
      if (target instanceof HTMLElement && !target.closest(".bk-layer-confirm")) last.current = target;
    };
    box.addEventListener("focusin", note);
    return () => box.removeEventListener("focusin", note);
  }, []);

  // Into the window when it opens; back to where one was when the window above it is gone.
  useEffect(() => {
    if (!front || !root.current || !body.current) return;
    const before = last.current?.isConnected && root.current.contains(last.current) ? last.current : null;
    (before ?? firstField(body.current) ?? root.current).focus({ preventScroll: true });
  }, [front]);

  // The app has shown something else in place of what had the focus: begin at its top.
  useLayoutEffect(() => {
    if (!front || !last.current || last.current.isConnected) return;
    last.current = null;
    if (document.activeElement && document.activeElement !== document.body) return;
    root.current?.focus({ preventScroll: true });
    body.current?.scrollTo({ top: 0 });
  });

  const wrong = JSON.stringify(errors);
  useEffect(() => {
    const first = front && wrong !== "{}" && body.current?.querySelector<HTMLElement>("[data-wrong]");
    if (!first) return;
    fieldIn(first)?.focus({ preventScroll: true });
    first.scrollIntoView({ block: "nearest" });
  }, [wrong, attempt]);

  useScrollingByKeys(body);
}

/** A text that scrolls and has nothing to go to in it can be gone to itself. */
function useScrollingByKeys(body: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const box = body.current;
    if (!box) return;
    const look = () => {
      const needed = box.scrollHeight > box.clientHeight + 1 && reachable(box).length === 0;
      if (needed) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    };
    look();
    const follow = new ResizeObserver(look);
    follow.observe(box);
    return () => follow.disconnect();
  });
}
