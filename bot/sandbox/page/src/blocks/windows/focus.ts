/** Where the focus is, and keeping it inside what lies above everything else. */

import { useEffect, useRef } from "preact/hooks";
import type { RefObject } from "preact";

const FOCUSABLE = "a[href], button, input, select, textarea, [tabindex]";
const FIELDS = "input:not([disabled]), textarea:not([disabled]), select:not([disabled])";

/** What Tab reaches inside, in order; of radio buttons with one name only the one that Tab would reach. */
export function reachable(root: HTMLElement): HTMLElement[] {
  const seen = (one: HTMLElement) => one.getClientRects().length > 0 && !one.closest("[inert]");
  const all = [...root.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (one) => one.tabIndex >= 0 && !one.hasAttribute("disabled") && seen(one),
  );
  return all.filter((one) => !isRadio(one) || one === tabbedOf(one, all));
}

function isRadio(one: HTMLElement): one is HTMLInputElement {
  return one instanceof HTMLInputElement && one.type === "radio";
}

function tabbedOf(radio: HTMLInputElement, all: HTMLElement[]): HTMLElement | undefined {
  const group = all.filter((one): one is HTMLInputElement => isRadio(one) && one.name === radio.name);
  return group.find((one) => one.checked) ?? group.find((one) => one === document.activeElement) ?? group[0];
}

/** Keeps Tab inside a dialog while `on`; whoever clicks elsewhere is let go. */
export function keepTabInside(event: KeyboardEvent, root: HTMLElement): void {
  if (event.key !== "Tab" || event.defaultPrevented) return;
  const all = reachable(root);
  const [first, last] = [all[0], all[all.length - 1]];
  const now = document.activeElement;
  const outside = now === root || !root.contains(now);
  const to = event.shiftKey ? (outside || now === first ? last : null) : outside || now === last ? first : null;
  if (!to) return;
  event.preventDefault();
  to.focus();
}

/** The field to begin with: the one the app names, or the first that is in sight; null when there is none. */
export function firstField(root: HTMLElement): HTMLElement | null {
  const named = root.querySelector<HTMLElement>("[data-focus]");
  if (named) return fieldIn(named);
  const field = fieldIn(root);
  const box = root.getBoundingClientRect();
  return field && field.getBoundingClientRect().bottom <= box.bottom ? field : null;
}

/** The field in a part of a form; of several choices the chosen one. */
export function fieldIn(root: HTMLElement): HTMLElement | null {
  if (root.matches(FIELDS)) return root;
  const first = root.querySelector<HTMLElement>(FIELDS);
  if (!first || !isRadio(first)) return first;
  return root.querySelector<HTMLElement>(`input[name="${CSS.escape(first.name)}"]:checked`) ?? first;
}

/** Gives the focus back to whatever had it, once what took it is gone. */
export function useFocusReturn(open: boolean): RefObject<HTMLElement | null> {
  const before = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!open) return;
    const had = before.current;
    return () =>
      // Only once it is really gone is it known whether anything else has taken the focus.
      queueMicrotask(() => {
        const lost = !document.activeElement || document.activeElement === document.body;
        if (had?.isConnected && lost) had.focus({ preventScroll: true });
      });
  }, [open]);
  // Read while drawing: by the time effects run, the focus has moved inside.
  if (open && !before.current) before.current = document.activeElement as HTMLElement | null;
  if (!open) before.current = null;
  return before;
}
