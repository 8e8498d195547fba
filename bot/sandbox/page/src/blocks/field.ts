/** A field's value: what the server holds, or what was entered here and is still on its way there. */

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useAround, type Slot } from "./around";
import type { Wire, When } from "./entries";
import { heldBy } from "./states";

export interface Field {
  value: Wire;
  enter(value: Wire, when?: When): void;
  flush(): void;
}

/** held: whether what is being typed may not be touched yet, as while the field has the focus. */
export function useField(slot: Slot, held: () => boolean = () => false): Field {
  const { values, entries, surface } = useAround();
  const { blockId, actionId } = slot;
  const kept = heldBy(slot.element, blockId, values);
  const [draft, setDraft] = useState<{ value: Wire } | null>(null);
  const sent = useRef(new Set<string>()); // what came from here: older news of it is no news
  const latest = useRef({ kept, draft, held });
  latest.current = { kept, draft, held };

  const reconcile = useCallback(() => {
    const { kept, draft, held } = latest.current;
    if (!draft || entries.pending(blockId, actionId)) return;
    const news = JSON.stringify(kept);
    const arrived = news === JSON.stringify(draft.value);
    if (!arrived && (held() || sent.current.has(news))) return;
    sent.current.clear();
    latest.current.draft = null;
    setDraft(null);
  }, [entries, blockId, actionId]);

  useLayoutEffect(reconcile, [JSON.stringify(kept)]);

  useEffect(() => entries.follow(blockId, actionId, reconcile), [entries, blockId, actionId, reconcile]);
  useEffect(
    () => () => {
      // A window that closes takes what was typed with it; elsewhere it is kept.
      if (surface === "modal") entries.drop(blockId, actionId);
      else void entries.flush(blockId, actionId);
    },
    [entries, blockId, actionId],
  );

  const enter = useCallback(
    (value: Wire, when: When = "now") => {
      // What the server held before is no news either, until it holds this.
      if (!latest.current.draft) sent.current.add(JSON.stringify(latest.current.kept));
      sent.current.add(JSON.stringify(value));
      latest.current.draft = { value };
      setDraft({ value });
      entries.put(blockId, actionId, value, when);
    },
    [entries, blockId, actionId],
  );
  const flush = useCallback(() => {
    void entries.flush(blockId, actionId).then(reconcile);
  }, [entries, blockId, actionId, reconcile]);
  return { value: draft ? draft.value : kept, enter, flush };
}
