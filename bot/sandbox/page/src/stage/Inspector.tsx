/** What Murmur says to Slack: every call as it happens, and buttons that let Slack fail. */

import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Call, Scene } from "../types";
import { CallItem } from "./CallItem";
import { figure } from "./bytes";
import { wentWrong } from "./callWords";
import { Faults } from "./Faults";
import { useCalls } from "./useCalls";

interface InspectorProps {
  scene: Scene;
  onClose: () => void;
}

const DRAWN = 200;

/** A panel beside Slack. Escape closes it. */
export function Inspector({ scene, onClose }: InspectorProps) {
  const { calls, trouble } = useCalls(scene.calls);
  const [method, choose] = useState("");
  const [wrongOnly, narrow] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    title.current?.focus({ preventScroll: true });
    return () => {
      const here = title.current?.closest(".inspector")?.contains(document.activeElement);
      if (here && before instanceof HTMLElement) before.focus();
    };
  }, []);
  const fitting = useMemo(
    () => calls.filter((call) => (!method || call.method === method) && (!wrongOnly || wentWrong(call))),
    [calls, method, wrongOnly],
  );
  // Scenes come many times a second during a leap: the list is drawn anew only when it is another.
  const drawn = useMemo(
    () => fitting.slice(-DRAWN).reverse().map((call) => <CallItem key={call.number} call={call} />),
    [fitting],
  );
  return (
    <div
      class="inspector"
      tabIndex={-1} // a click into the empty stays in here, and so does Escape
      onKeyDown={(event) => event.key === "Escape" && !event.defaultPrevented && onClose()}
    >
      <header class="inspector-head">
        <h2 id="inspector-title" ref={title} tabIndex={-1}>
          Calls to Slack
        </h2>
        <Connection open={scene.connections} />
        <button type="button" class="stage-button stage-quiet" onClick={onClose}>
          Close
        </button>
      </header>
      <div class="inspector-body">
        <Faults scene={scene} />
        <section class="calls" aria-labelledby="calls-title">
          <h3 id="calls-title">
            Calls <span class="calls-count">{figure(scene.calls)}</span>
          </h3>
          <div class="calls-filters">
            <label>
              Method <MethodChoice calls={calls} chosen={method} onChoose={choose} />
            </label>
            <label class="calls-wrong">
              <input type="checkbox" checked={wrongOnly} onChange={() => narrow(!wrongOnly)} /> Only trouble
            </label>
          </div>
          <p class="calls-shown">{shownWords(drawn.length, fitting.length, calls.length, scene.calls)}</p>
          {trouble && <p role="alert">The calls could not be fetched: {trouble}</p>}
          {drawn.length > 0 && (
            <ol class="calls-list" aria-label="Calls, newest first">
              {drawn}
            </ol>
          )}
        </section>
      </div>
    </div>
  );
}

function Connection({ open }: { open: number }) {
  const words = open === 0 ? "Not connected" : open === 1 ? "Connected" : `Connected ${open} times`;
  return (
    <p class="inspector-connection" role="status" data-open={open > 0}>
      {words}
    </p>
  );
}

interface MethodChoiceProps {
  calls: Call[];
  chosen: string;
  onChoose: (method: string) => void;
}

/** The methods there were, with how often; a chosen one stays even when its calls are too old to be held. */
function MethodChoice({ calls, chosen, onChoose }: MethodChoiceProps) {
  const counts = new Map<string, number>(chosen ? [[chosen, 0]] : []);
  for (const call of calls) counts.set(call.method, (counts.get(call.method) ?? 0) + 1);
  const methods = [...counts.entries()].sort(([one], [other]) => one.localeCompare(other));
  return (
    <select value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
      <option value="">All</option>
      {methods.map(([method, count]) => (
        <option key={method} value={method}>
          {method} ({figure(count)})
        </option>
      ))}
    </select>
  );
}

function shownWords(drawn: number, fitting: number, held: number, all: number): string {
  if (all === 0) return "Murmur has not called Slack yet.";
  if (held === 0) return "Fetching them.";
  if (fitting === 0) return "None of the latest calls fits.";
  const these = drawn < fitting || held < all ? `The latest ${figure(drawn)}` : `All ${figure(drawn)}`;
  return `${these}, newest first, in UTC.`;
}
