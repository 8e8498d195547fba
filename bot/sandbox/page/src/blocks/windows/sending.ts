/** Sending a form: first everything that was entered, then the form, once. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Outcome, View } from "../../types";
import type { Entries } from "../entries";

export interface Sending {
  busy: boolean;
  trouble: string; // why the last attempt came to nothing
  errors: Record<string, string>; // block id -> what stands beside the field
  attempt: number; // grows with every attempt that met errors
  send(): void;
}

export function useSending(view: View, entries: Entries, onSubmit: () => Promise<Outcome>): Sending {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const [attempt, setAttempt] = useState(0);
  const [told, setTold] = useState<Record<string, string>>({});
  const under = useRef(false); // a second press comes before the first is drawn
  const submit = useRef(onSubmit);
  submit.current = onSubmit;

  // What the app shows anew has other questions, or other errors of its own.
  useEffect(() => setTold({}), [view.hash]);

  const send = async () => {
    if (under.current) return;
    under.current = true;
    setBusy(true);
    setTrouble("");
    setTold({});
    let wrong: string;
    try {
      wrong = await entries.settle();
      if (!wrong) {
        const outcome = await submit.current();
        wrong = outcome.trouble;
        setTold(outcome.errors);
        if (Object.keys(outcome.errors).length) setAttempt((before) => before + 1);
      }
    } catch (error) {
      wrong = error instanceof Error ? error.message : String(error);
    }
    setTrouble(wrong);
    setBusy(false);
    under.current = false;
  };
  return { busy, trouble, errors: { ...told, ...view.errors_by_block }, attempt, send: () => void send() };
}
