/** Where the guide stands: which step comes next, and which one to open when something has happened. */

import type { Step } from "../types";

/** The step to do now: the one under way, else the first that is neither done nor skipped. */
export function nextStep(steps: Step[]): Step | undefined {
  return steps.find((step) => step.state === "busy") ?? steps.find((step) => step.state === "open");
}

/** The step to open after a change, "" for the end of the guide; undefined when nothing has changed. */
export function stepToOpen(before: Step[], after: Step[]): string | undefined {
  const was = new Map(before.map((step) => [step.id, step.state]));
  const changed = after.filter((step) => was.get(step.id) !== step.state);
  if (changed.length === 0) return undefined;
  const told =
    changed.find((step) => step.state === "busy") ??
    changed.find((step) => step.state === "done" && !step.begun) ?? // whoever leaves the rest of it undone goes on
    changed.find((step) => step.state === "open"); // it went wrong, and can be tried again
  return told?.id ?? nextStep(after)?.id ?? "";
}

/** A step's state as a word behind its title. */
export const stateWords: Record<Step["state"], string> = {
  open: "",
  busy: "under way",
  done: "done",
  skipped: "skipped",
};
