/** What time it is for the person one is, and the way to later. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Jump, Person, Scene, Workspace } from "../types";
import { localMoment, useClock } from "./moments";
import { ProgressBar, Spoken } from "./Progress";

interface ClockBarProps {
  scene: Scene;
  workspace: Workspace;
  viewer: Person;
  onJump: (id: string) => void;
}

/** The viewer's date and time, then the jumps or, while one is under way, how far it has come. */
export function ClockBar({ scene, viewer, onJump }: ClockBarProps) {
  const now = useClock(scene.now, scene.running);
  const moment = localMoment(now, viewer.tz);
  const demo = scene.demo;
  const leap = demo?.phase === "busy" ? demo.progress : null;
  const landed = useLanding(leap !== null, `It is now ${moment.day}, ${moment.time} ${moment.where}.`);
  const jumped = useRef("");
  const words = useRef<HTMLDivElement>(null);
  const jumps = useRef<HTMLDivElement>(null);

  // Whoever jumped by keyboard keeps the place: on the progress meanwhile, on the same button afterwards.
  useLayoutEffect(() => {
    const lost = document.activeElement === document.body || document.activeElement === words.current;
    if (!jumped.current || !lost) return;
    if (leap) words.current?.focus({ preventScroll: true });
    else if (demo?.phase === "ready") {
      jumps.current?.querySelector<HTMLElement>(`[data-jump="${CSS.escape(jumped.current)}"]`)?.focus();
      jumped.current = "";
    }
  }, [leap === null, demo?.phase]);

  const jump = (id: string) => {
    jumped.current = id;
    onJump(id);
  };
  return (
    <div class="clockbar" role="group" aria-label="Clock">
      <time class="clockbar-now" dateTime={now.toISOString()} title={moment.whole}>
        <span class="clockbar-day">{moment.day}, </span>
        <span class="clockbar-day-short">{moment.shortDay}, </span>
        <strong>{moment.time}</strong> <span class="clockbar-where">{moment.where}</span>
      </time>
      {leap ? (
        <div class="clockbar-leap" ref={words} tabIndex={-1}>
          <p class="clockbar-leap-words">
            <strong>{leap.title}</strong> <span>{leap.detail}</span>
          </p>
          <ProgressBar progress={leap} />
        </div>
      ) : (
        demo &&
        demo.jumps.length > 0 && (
          <Jumps inside={jumps} jumps={demo.jumps} disabled={demo.phase !== "ready"} onJump={jump} />
        )
      )}
      <Spoken text={leap ? `${leap.title}. ${leap.detail}` : landed} pace={leap ? 8000 : 500} />
    </div>
  );
}

interface JumpsProps {
  inside: { current: HTMLDivElement | null };
  jumps: Jump[];
  disabled: boolean;
  onJump: (id: string) => void;
}

function Jumps({ inside, jumps, disabled, onJump }: JumpsProps) {
  return (
    <div class="clockbar-jumps" role="group" aria-label="Jump ahead" ref={inside}>
      <span class="clockbar-to" aria-hidden="true">
        Jump to
      </span>
      {jumps.map((jump) => (
        <button
          key={jump.id}
          type="button"
          class="stage-button"
          data-jump={jump.id}
          aria-disabled={disabled}
          onClick={() => !disabled && onJump(jump.id)}
        >
          {jump.label}
        </button>
      ))}
    </div>
  );
}

/** What to say once a leap is over: where one landed, frozen at that moment; "" before any. */
function useLanding(leaping: boolean, words: string): string {
  const [landed, land] = useState("");
  const before = useRef(leaping);
  useEffect(() => {
    if (before.current && !leaping) land(words);
    before.current = leaping;
  }, [leaping]);
  return landed;
}
