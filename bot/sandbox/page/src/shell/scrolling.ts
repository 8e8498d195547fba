/** Where a conversation stands: at its end, at the first unread message, or where it was asked to be. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Message } from "../types";

const NEAR = 80; // px from the end that still count as being there
const ROOM = 34; // px above a message that is shown from its top: a line that says "New" fits in

/** A wish to see a message from its top; "" is the newest. The same number is granted once. */
export interface Target {
  number: number;
  message: string;
}

interface Wishes {
  key: string; // of the conversation
  messages: Message[];
  divider: string; // ts of the first unread message, ""
  target: Target | null; // of this conversation
}

export function useScrolling({ key, messages, divider, target }: Wishes) {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const at_end = useRef(true);
  const before = useRef({ key: "", count: 0, granted: -1 });
  const [below, setBelow] = useState(false); // something new stands further down

  const toEnd = () => {
    const pane = box.current;
    if (pane) pane.scrollTop = pane.scrollHeight;
    at_end.current = true;
    setBelow(false);
  };
  /** Shows a message from its top; false when it is not here. A whole conversation that fits is not moved. */
  const toMessage = (ts: string): boolean => {
    const pane = box.current;
    const message = pane?.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
    if (!pane || !message) return false;
    const top = message.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTop += top - ROOM;
    at_end.current = isAtEnd(pane);
    return true;
  };

  useLayoutEffect(() => {
    const last = before.current;
    const newest = messages[messages.length - 1]?.ts ?? "";
    const grown = last.key === key && messages.length > last.count;
    const here = !target?.message || messages.some((one) => one.ts === target.message);
    if (target && here && target.number !== last.granted) {
      last.granted = target.number;
      if (!target.message || !toMessage(target.message)) toNewest(newest);
    } else if (last.key !== key) {
      if (!divider || !toMessage(divider)) toEnd();
    } else if (grown) {
      if (at_end.current) toNewest(newest);
      else setBelow(true);
    }
    last.key = key;
    last.count = messages.length;
  }, [key, messages, divider, target]);

  /** The end, or the top of the newest message where that is longer than the pane. */
  function toNewest(ts: string) {
    toEnd();
    const pane = box.current;
    const message = ts && pane?.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
    if (pane && message && message.getBoundingClientRect().height > pane.clientHeight) toMessage(ts);
  }

  useEffect(() => {
    const pane = box.current;
    if (!pane || !content.current) return;
    const look = () => {
      at_end.current = isAtEnd(pane);
      if (at_end.current) setBelow(false);
    };
    // What grows while the end is looked at (an answer opens, the window narrows) keeps the end in view.
    const watcher = new ResizeObserver(() => at_end.current && (pane.scrollTop = pane.scrollHeight));
    watcher.observe(content.current);
    watcher.observe(pane);
    pane.addEventListener("scroll", look, { passive: true });
    return () => {
      watcher.disconnect();
      pane.removeEventListener("scroll", look);
    };
  }, []);

  return { box, content, below, toEnd };
}

function isAtEnd(pane: HTMLElement): boolean {
  return pane.scrollHeight - pane.scrollTop - pane.clientHeight < NEAR;
}
