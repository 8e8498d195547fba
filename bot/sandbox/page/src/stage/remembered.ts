/** A choice that this browser remembers. */

import { useState } from "preact/hooks";

/** Whether something is switched on, kept under a name; only for this visit where nothing can be kept. */
export function useRemembered(name: string, otherwise: boolean): [boolean, (on: boolean) => void] {
  const [on, set] = useState(() => recall(name) ?? otherwise);
  const choose = (choice: boolean) => {
    set(choice);
    try {
      localStorage.setItem(name, choice ? "yes" : "no");
    } catch {
      // A browser that keeps nothing still shows the page.
    }
  };
  return [on, choose];
}

function recall(name: string): boolean | null {
  try {
    const kept = localStorage.getItem(name);
    return kept === null ? null : kept === "yes";
  } catch {
    return null;
  }
}
