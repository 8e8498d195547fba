/** The guide: five numbered steps, the current one opened, each done by its button or skipped. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Demo, Step } from "../types";
import { nextStep, stateWords, stepToOpen } from "./course";
import { GuideStep } from "./GuideStep";
import { useRemembered } from "./remembered";

interface GuideProps {
  demo: Demo;
  onDo: (id: string) => void;
  onSkip: (id: string) => void;
}

/** Nothing in a rehearsal, which has no steps; what went wrong with a jump is said there all the same. */
export function Guide({ demo, onDo, onSkip }: GuideProps) {
  const [shown, show] = useRemembered("murmur.guide", true);
  const [opened, open] = useOpened(demo.steps);
  const steps = demo.steps;
  if (demo.phase === "failed") return null; // nothing can be done, and the page says why
  if (steps.length === 0) {
    return demo.error ? <p class="guide-error guide-alone" role="alert">{demo.error}</p> : null;
  }
  const at = nextStep(steps);
  return (
    <section class={shown ? "guide" : "guide guide-hidden"} aria-label="Guide">
      <div class="guide-head">
        {shown ? (
          <Strip steps={steps} opened={opened} onOpen={open} />
        ) : (
          <p class="guide-where">
            {at ? (
              <>
                Step {steps.indexOf(at) + 1} of {steps.length}: <strong>{at.title}</strong>
              </>
            ) : (
              "All steps seen"
            )}
          </p>
        )}
        <button type="button" class="stage-button stage-quiet" aria-expanded={shown} onClick={() => show(!shown)}>
          {shown ? "Hide the guide" : "Show the guide"}
        </button>
      </div>
      {shown && <GuideStep demo={demo} opened={opened} onOpen={open} onDo={onDo} onSkip={onSkip} />}
    </section>
  );
}

interface StripProps {
  steps: Step[];
  opened: string;
  onOpen: (id: string) => void;
}

function Strip({ steps, opened, onOpen }: StripProps) {
  return (
    <ol class="guide-strip">
      {steps.map((step, place) => (
        <li key={step.id} data-state={step.state}>
          <button
            type="button"
            class="guide-stop"
            aria-current={step.id === opened ? "step" : undefined}
            onClick={() => onOpen(step.id)}
          >
            <span class="guide-number" aria-hidden="true">
              {step.state === "done" ? "✓" : place + 1}
            </span>
            <span class="aside">Step {place + 1}: </span>
            <span class="guide-title">{step.title}</span>
            {stateWords[step.state] && <span class="aside">, {stateWords[step.state]}</span>}
          </button>
        </li>
      ))}
    </ol>
  );
}

/** The opened step, "" for the end. It follows what happens; in between, whoever looks may open another. */
function useOpened(steps: Step[]): [string, (id: string) => void] {
  const [opened, open] = useState(() => nextStep(steps)?.id ?? "");
  const before = useRef(steps);
  const states = steps.map((step) => `${step.id} ${step.state}`).join();
  useEffect(() => {
    const next = stepToOpen(before.current, steps);
    before.current = steps;
    if (next !== undefined) open(next);
  }, [states]);
  return [opened, open];
}
