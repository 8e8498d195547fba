/** Orders to the demo (do a step, leap to another moment), and what is to be said of them. */

import { useCallback, useState } from "preact/hooks";

export interface Orders {
  give(order: () => Promise<unknown>): void;
  refused: string; // why the last one was not taken
  forget(): void;
}

export function useOrders(): Orders {
  const [refused, setRefused] = useState("");
  const give = useCallback((order: () => Promise<unknown>) => {
    setRefused("");
    order().catch((wrong: unknown) => setRefused(wrong instanceof Error ? wrong.message : String(wrong)));
  }, []);
  return { give, refused, forget: () => setRefused("") };
}
