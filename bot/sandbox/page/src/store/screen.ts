/** What one person sees, fetched again whenever it has changed. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { api, ApiError } from "../api";
import type { Screen } from "../types";
import { settled } from "./same";

/** The screen of a person with one of their places; the one before stays until the new one is here.

    news: another value whenever something may have changed; refresh: asks for it once more, after an act of the
    page's own.
 */
export function useScreen(person: string, place: string, news: string) {
  const [screen, setScreen] = useState<Screen | null>(null);
  const wanted = useRef({ person, place });
  wanted.current = { person, place };
  const state = useRef({ under_way: false, again: false });

  const refresh = useCallback(async () => {
    // One request at a time: an older answer must never replace a newer one.
    if (state.current.under_way) {
      state.current.again = true;
      return;
    }
    state.current.under_way = true;
    do {
      state.current.again = false;
      const { person, place } = wanted.current;
      if (!person) break;
      const found = await look(person, place);
      if (wanted.current.person !== person || wanted.current.place !== place) state.current.again = true;
      else if (found) setScreen((before) => settled(before, found));
    } while (state.current.again);
    state.current.under_way = false;
  }, []);

  useEffect(() => void refresh(), [person, place, news]);
  return { screen, refresh };
}

async function look(person: string, place: string): Promise<Screen | null> {
  try {
    return await api.screen(person, place);
  } catch (wrong) {
    // Not a place of theirs (any more): the one with the app is.
    if (place && wrong instanceof ApiError && wrong.status === 404) return look(person, "");
    return null; // the stage says that the server is gone
  }
}
