/** Trouble on demand: buttons that let Slack fail, and what is armed. */

import { useEffect, useState } from "preact/hooks";
import { api, type NewFault } from "../api";
import type { Fault, Scene } from "../types";
import { armedWords } from "./callWords";
import { Spoken } from "./Progress";

interface Trouble {
  label: string;
  what: string;
  fault: NewFault;
}

const TROUBLES: Trouble[] = [
  {
    label: "Slow Slack",
    what: "5 calls take 2 seconds each",
    fault: { kind: "slow", seconds: 2, times: 5 },
  },
  {
    label: "Slack is down",
    what: "3 calls get HTTP 500",
    fault: { kind: "500", times: 3 },
  },
  {
    label: "Too many calls",
    what: "3 calls get HTTP 429, wait 3 s",
    fault: { kind: "429", seconds: 3, times: 3 },
  },
];

const DROP = { label: "Cut the connection", what: "the socket closes at once" };

/** Each button with what it does, and beside it what is armed. */
export function Faults({ scene }: { scene: Scene }) {
  const { armed, trouble, done, act } = useFaults(scene);
  const others = armed.filter((fault) => !TROUBLES.some((one) => one.fault.kind === fault.kind));
  return (
    <section class="faults" aria-labelledby="faults-title">
      <h3 id="faults-title">Let Slack fail</h3>
      <p class="faults-about">Then press something in Slack: nothing may be lost, and nothing done twice.</p>
      <ul>
        {TROUBLES.map((one) => (
          <Line
            key={one.label}
            label={one.label}
            what={one.what}
            state={armedWords(armed.filter((fault) => fault.kind === one.fault.kind))}
            onPress={() => act(() => api.arm(one.fault), `${one.label} is armed.`)}
          />
        ))}
        <Line
          label={DROP.label}
          what={DROP.what}
          state=""
          onPress={() => act(() => api.dropSockets(), "The connection is cut.")}
        />
        {others.map((fault, place) => (
          <li key={`other ${place}`} data-armed="true">
            <span class="faults-other">{fault.kind}</span>
            <span class="faults-what">
              {fault.method === "*" ? "any call" : fault.method} <em class="faults-armed">{armedWords([fault])}</em>
            </span>
          </li>
        ))}
      </ul>
      <button
        type="button"
        class="stage-button"
        aria-disabled={scene.faults === 0}
        onClick={() => scene.faults > 0 && act(() => api.clearFaults(), "Everything works again.")}
      >
        Everything works again
      </button>
      {trouble && <p role="alert">{trouble}</p>}
      <Spoken text={done} pace={500} />
    </section>
  );
}

interface LineProps {
  label: string;
  what: string;
  state: string;
  onPress: () => void;
}

function Line({ label, what, state, onPress }: LineProps) {
  const id = `fault-${label.toLowerCase().replaceAll(" ", "-")}`;
  return (
    <li data-armed={state !== ""}>
      <button type="button" class="stage-button" aria-describedby={id} onClick={onPress}>
        {label}
      </button>
      <span class="faults-what" id={id}>
        {what} {state && <em class="faults-armed">{state}</em>}
      </span>
    </li>
  );
}

/** The armed faults, fetched anew whenever one was armed or may have struck. */
function useFaults(scene: Scene) {
  const [armed, setArmed] = useState<Fault[]>([]);
  const [trouble, tell] = useState("");
  const [done, say] = useState("");
  useEffect(() => {
    if (scene.faults === 0) {
      setArmed([]);
      return;
    }
    let late = false;
    // Calls come in bursts: the last of one is soon enough.
    const timer = setTimeout(() => {
      api.faults().then(
        (faults) => late || setArmed(faults),
        () => undefined, // the next change asks again, and what one presses says what is wrong
      );
    }, 150);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [scene.faults, scene.faults > 0 ? scene.calls : 0]);

  const act = async (press: () => Promise<unknown>, words: string) => {
    tell("");
    say("");
    try {
      const answer = await press();
      if (Array.isArray(answer)) setArmed(answer as Fault[]);
      say(words);
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error));
    }
  };
  return { armed, trouble, done, act };
}
