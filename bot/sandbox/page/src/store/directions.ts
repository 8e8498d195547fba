/** Stage directions: where the demo wants the page to look, followed once each. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Target } from "../shell/scrolling";
import type { Scene } from "../types";
import { type Go, parse } from "./route";

export interface Shown extends Target {
  person: string;
  place: string;
}

/** Follows new directions; what it returns is the message to show, and where.

    The first that the page hears of is followed only where its address did not say what to show. A panel is a matter
    of the tab in which somebody asked for it: it opens where `leads`, that is where a step was ordered.
 */
export function useDirections(scene: Scene | null, go: Go, leads: { current: boolean }): Shown | null {
  const addressed = useRef(location.hash.replace(/^#\/?/, "").split("?")[0] !== "");
  const followed = useRef(-1);
  const [shown, setShown] = useState<Shown | null>(null);
  const show = scene?.demo?.show ?? null;
  useEffect(() => {
    // Numbers begin anew with a new server; an older number than the last is news as well.
    if (!show || show.number === followed.current) return;
    const first = followed.current < 0;
    followed.current = show.number;
    if (first && addressed.current) return;
    const panel = (leads.current && show.panel) || (parse(location.hash).panel === "inspector" ? "inspector" : "");
    go({ person: show.person, place: show.place, phone: show.phone, panel, list: false });
    setShown({ number: show.number, person: show.person, place: show.place, message: show.message });
  }, [show?.number]);
  return shown;
}
