/** Progress in words and as a bar, and a voice for screen readers that does not chatter. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Progress } from "../types";

/** The bar alone; title and detail are its name and value. Without a known end it is only in motion. */
export function ProgressBar({ progress }: { progress: Progress }) {
  const { title, detail, done, of } = progress;
  const share = of > 0 ? Math.min(1, Math.max(0, done / of)) : null;
  return (
    <div
      class="stage-bar"
      role="progressbar"
      aria-label={title}
      aria-valuemin={0}
      aria-valuemax={of > 0 ? of : undefined}
      aria-valuenow={share === null ? undefined : Math.round(share * of)}
      aria-valuetext={detail || undefined}
    >
      <span
        class={share === null ? "stage-bar-done stage-bar-unknown" : "stage-bar-done"}
        style={share === null ? undefined : { transform: `scaleX(${share})` }}
      />
    </div>
  );
}

/** Says a text to screen readers, and what it has become at most every `pace` milliseconds. */
export function Spoken({ text, pace = 8000 }: { text: string; pace?: number }) {
  const [said, say] = useState("");
  const last = useRef(-Infinity);
  useEffect(() => {
    // A live region that is born with its text stays silent: the first word comes a moment later.
    const wait = Math.max(150, last.current + pace - performance.now());
    const timer = setTimeout(() => {
      if (text) last.current = performance.now();
      say(text);
    }, wait);
    return () => clearTimeout(timer);
  }, [text, pace]);
  return (
    <p class="aside" role="status">
      {said}
    </p>
  );
}
