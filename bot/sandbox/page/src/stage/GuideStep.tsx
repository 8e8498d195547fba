/** The opened step of the guide: what happens in it, its button, and what to look at afterwards. */

import { useEffect, useState } from "preact/hooks";
import type { Demo, Step } from "../types";
import { nextStep } from "./course";
import { Spoken } from "./Progress";

interface GuideStepProps {
  demo: Demo;
  opened: string; // "" once all steps are seen
  onOpen: (id: string) => void;
  onDo: (id: string) => void;
  onSkip: (id: string) => void;
}

const PATIENCE = 6000; // milliseconds after which a press that came to nothing can be repeated

/** One button stands in one place, whatever it says next, so that a keyboard never loses it. */
export function GuideStep({ demo, opened, onOpen, onDo, onSkip }: GuideStepProps) {
  const [asked, ask] = useAsked(demo);
  const place = demo.steps.findIndex((step) => step.id === opened);
  const step = demo.steps[place];
  if (!step) {
    const rehearsal = demo.steps.some((one) => one.id === "setup"); // which has a guide of its own
    return (
      <div class="guide-step" role="group" aria-label="End of the guide" tabIndex={0}>
        <div class="guide-text">
          <p>
            That was the whole guide. Everything stays usable: be anybody, write <code>/pulse</code> in a channel, jump
            ahead, let Slack fail. What comes next:
          </p>
          <ul class="guide-next">
            {!rehearsal && (
              <li>
                <strong>Rehearse your own company:</strong> list people and teams in a CSV file, and start{" "}
                <code>.venv/bin/murmur sandbox --workspace people.csv</code>. Still nobody real is asked.
              </li>
            )}
            <li>
              <strong>Connect it to your Slack:</strong> copy <code>.env.example</code> to <code>.env</code>, fill in the
              two Slack tokens and <code>APP_SECRET</code>, a long random text that only your server knows, and start{" "}
              <code>.venv/bin/murmur run</code>. The README goes through it step by step.
            </li>
          </ul>
        </div>
      </div>
    );
  }
  const next = demo.steps.slice(place + 1).find((later) => later.state === "open") ?? nextStep(demo.steps);
  const blocked = demo.phase !== "ready";
  const busy = step.state === "busy" || asked === step.id;
  const done = step.state === "done" && !busy;
  const act = primary(step, busy, next);
  const press = () => {
    if (busy || (act.does && blocked)) return;
    if (!act.does) onOpen(act.to);
    else {
      ask(step.id);
      onDo(step.id);
    }
  };
  const words = happening(step, busy, demo);
  return (
    <div class="guide-step" role="group" aria-label={`Step ${place + 1} of ${demo.steps.length}: ${step.title}`}>
      <div class="guide-words">
        <p class="guide-place" aria-hidden="true">
          Step {place + 1} of {demo.steps.length}: <strong>{step.title}</strong>
        </p>
        <p class="guide-text" data-state={busy ? "busy" : step.state}>
          {done && <strong class="guide-done">Done. </strong>}
          {words}
        </p>
        {demo.error && (
          <p class="guide-error" role="alert">
            {demo.error}
          </p>
        )}
      </div>
      <div class="guide-acts">
        <button
          type="button"
          class="stage-button stage-primary"
          aria-disabled={busy || (act.does && blocked)}
          onClick={press}
        >
          {act.label}
        </button>
        {step.state === "open" && !busy && !blocked && (
          <button type="button" class="stage-button stage-quiet" onClick={() => onSkip(step.id)}>
            {step.begun ? "Go on" : "Skip"}
            {!step.begun && <span class="aside"> this step</span>}
          </button>
        )}
        {act.does && blocked && !busy && <p class="guide-wait">waits for the clock</p>}
        {done && step.again && (
          <button
            type="button"
            class="stage-button stage-quiet"
            aria-disabled={blocked}
            onClick={() => !blocked && onDo(step.id)}
          >
            {step.again}
          </button>
        )}
      </div>
      <Spoken text={done ? `Done. ${words}` : step.begun || (busy && !demo.progress) ? words : ""} pace={4000} />
    </div>
  );
}

/** What the one button does: this step, or the way on. */
function primary(step: Step, busy: boolean, next: Step | undefined) {
  if (busy) return { label: "Under way", does: true, to: "" };
  if (step.state !== "done") return { label: step.button, does: true, to: "" };
  return { label: next ? `Next: ${next.title}` : "Finish", does: false, to: next?.id ?? "" };
}

function happening(step: Step, busy: boolean, demo: Demo): string {
  if (busy) {
    const { title = "", detail = "" } = demo.progress ?? {};
    return title ? `${title}. ${detail}` : "It is being done, tap by tap. Watch it happen.";
  }
  if (step.state === "done") return step.after;
  if (step.state === "skipped") return `Skipped. ${step.text}`;
  return step.text;
}

/** The step whose button was pressed, until the server says something about it. */
function useAsked(demo: Demo): [string, (id: string) => void] {
  const [asked, ask] = useState("");
  const news = `${demo.phase} ${demo.error} ${demo.steps.map((step) => step.state).join()}`;
  useEffect(() => ask(""), [news]);
  useEffect(() => {
    if (!asked) return;
    const timer = setTimeout(() => ask(""), PATIENCE);
    return () => clearTimeout(timer);
  }, [asked]);
  return [asked, ask];
}
