/** What the stage itself has to say: that it is gone, that it failed, that an order was not taken. */

import type { ComponentChildren } from "preact";
import type { Demo } from "../types";
import { CrossIcon } from "./Icons";

/** Where the stand-in Slack would be, for what stands there instead of it. */
export function Panel({ children }: { children: ComponentChildren }) {
  return (
    <main class="panel" id="slack" tabIndex={-1}>
      {children}
    </main>
  );
}

export function Lost({ demo }: { demo: Demo | null }) {
  const guided = demo && (demo.steps.length > 0 || demo.phase === "preparing"); // a rehearsal has no steps
  const [what, how] = guided ? ["The demo", "make demo"] : ["The stand-in Slack", "murmur sandbox"];
  return (
    <p class="notice" role="status">
      <span>
        {what} has stopped. Start it again with <code>{how}</code>; this page finds it by itself.
      </span>
    </p>
  );
}

export function Stopped({ text }: { text: string }) {
  return (
    <Panel>
      <div class="stopped" role="alert">
        <h2>The demo could not be prepared</h2>
        <p>{text}</p>
        <p>
          Stop it with Ctrl-C and start it again with <code>make demo</code>.
        </p>
      </div>
    </Panel>
  );
}

export function Refused({ text, onForget }: { text: string; onForget(): void }) {
  return (
    <p class="notice notice-wrong" role="alert">
      <span>{text}</span>
      <button type="button" class="plain" aria-label="Put this away" onClick={onForget}>
        <CrossIcon />
      </button>
    </p>
  );
}
