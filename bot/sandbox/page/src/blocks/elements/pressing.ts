/** Pressing: ask first where the app wants that, wait for what is still being entered, then tell the app. */

import { useEffect, useRef, useState } from "preact/hooks";
import { useAround, type Slot } from "../around";

export interface Pressing {
  busy: boolean;
  trouble: string; // why the last press came to nothing
  asking: string | null; // the choice about to be confirmed
  press(choice?: string): void;
  answer(yes: boolean): void;
}

export function usePressing(slot: Slot): Pressing {
  const { entries, press, disabled } = useAround();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const [asking, setAsking] = useState<string | null>(null);
  const here = useRef(true);
  useEffect(() => () => void (here.current = false), []);

  const act = async (choice: string) => {
    setBusy(true);
    setTrouble("");
    let wrong: string;
    try {
      wrong = await entries.settle();
      wrong ||= (await press(slot.blockId, slot.actionId, choice || undefined)).trouble;
    } catch (error) {
      wrong = error instanceof Error ? error.message : String(error);
    }
    if (!here.current) return;
    setTrouble(wrong);
    setBusy(false);
  };
  return {
    busy,
    trouble,
    asking,
    press(choice = "") {
      if (busy || disabled) return;
      if (slot.element.confirm) setAsking(choice);
      else void act(choice);
    },
    answer(yes) {
      const choice = asking ?? "";
      setAsking(null);
      if (yes) void act(choice);
    },
  };
}
