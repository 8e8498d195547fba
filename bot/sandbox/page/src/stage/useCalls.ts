/** The calls of the app, followed as they come. */

import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../api";
import type { Call } from "../types";

const KEPT = 1000; // calls held here, for the filters
const PACE = 250; // milliseconds between two requests
const AFTER_TROUBLE = 3000;

export interface Calls {
  calls: Call[]; // oldest first
  trouble: string;
}

/** The latest calls, `count` being the number of the newest: what is new is fetched, one request at a time. */
export function useCalls(count: number): Calls {
  const [calls, keep] = useState<Call[]>([]);
  const [trouble, tell] = useState("");
  const wanted = useRef(count);
  const known = useRef(0); // the number of the newest call asked for
  const running = useRef(false);
  const closed = useRef(false);
  wanted.current = count;

  const follow = async () => {
    if (running.current) return;
    running.current = true;
    while (!closed.current && known.current < wanted.current) {
      const newest = wanted.current;
      let pause = PACE;
      try {
        const fresh = await api.calls(Math.max(known.current, newest - KEPT));
        known.current = Math.max(newest, fresh.at(-1)?.number ?? 0);
        if (fresh.length > 0) keep((before) => [...before, ...fresh].slice(-KEPT));
        tell("");
      } catch (error) {
        tell(error instanceof Error ? error.message : String(error));
        pause = AFTER_TROUBLE;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    running.current = false;
  };
  useEffect(() => {
    if (count < known.current) {
      known.current = 0; // another sandbox: its numbers begin again
      keep([]);
    }
    void follow();
  }, [count]);
  useEffect(() => {
    closed.current = false;
    return () => void (closed.current = true);
  }, []);
  return { calls, trouble };
}
