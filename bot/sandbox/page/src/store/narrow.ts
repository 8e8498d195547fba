/** Whether there is room for one thing only. */

import { useEffect, useState } from "preact/hooks";

export const NARROW = 720; // px; top.css and frame.css have the same

const narrow = matchMedia(`(max-width: ${NARROW - 1}px)`);

export function useNarrow(): boolean {
  const [is, setIs] = useState(narrow.matches);
  useEffect(() => {
    const look = () => setIs(narrow.matches);
    narrow.addEventListener("change", look);
    return () => narrow.removeEventListener("change", look);
  }, []);
  return is;
}

/** Whether the page is in front of somebody. */
export function useVisible(): boolean {
  const [is, setIs] = useState(!document.hidden);
  useEffect(() => {
    const look = () => setIs(!document.hidden);
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  return is;
}
