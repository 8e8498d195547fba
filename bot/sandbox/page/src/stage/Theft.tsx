/** The stolen database, twice: what a thief has from a plain bot's file, and what from Murmur's. */

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { api } from "../api";
import type { Theft as Stolen } from "../types";
import { figure } from "./bytes";
import { guessed, LootColumn, unitOf } from "./LootColumn";
import { localMoment } from "./moments";
import { Spoken } from "./Progress";

interface TheftProps {
  onClose: () => void;
}

/** A dialog of two columns, and below them what this does not protect. */
export function Theft({ onClose }: TheftProps) {
  const [keys, takeKeys] = useState(false);
  const { stolen, trouble, loading, steal } = useTheft(keys);
  const { dialog, title, leave } = useDialog(onClose);
  const taken = stolen ? localMoment(new Date(stolen.taken_at), "UTC").whole : "";
  return (
    <dialog
      class="theft"
      ref={dialog}
      aria-labelledby="theft-title"
      onClose={leave}
      onMouseDown={(event) => event.target === dialog.current && leave()}
    >
      <div class="theft-inside" tabIndex={-1}>
        <header class="theft-head">
          <div>
            <h2 id="theft-title" ref={title} tabIndex={-1}>
              What a thief has in hand
            </h2>
            {stolen && (
              <p class="theft-taken">
                Copied on <time dateTime={stolen.taken_at}>{taken}</time>, from files in use.
              </p>
            )}
          </div>
          <div class="theft-acts">
            <button type="button" class="stage-button" aria-disabled={loading} onClick={() => !loading && steal()}>
              Copy the files again
            </button>
            <button type="button" class="stage-button stage-quiet" onClick={leave}>
              Close
            </button>
          </div>
        </header>
        <div class="theft-body" aria-busy={loading}>
          {trouble && (
            <div class="theft-trouble" role="alert">
              <p>The files could not be copied: {trouble}</p>
              <button type="button" class="stage-button" onClick={() => steal()}>
                Try again
              </button>
            </div>
          )}
          {loading && !stolen && <p class="theft-loading">Copying both files and trying the same attack on them.</p>}
          {stolen && (
            <>
              <p class="theft-attack">{stolen.attack}</p>
              <details class="theft-details">
                <summary>How the program goes about it, and what is counted</summary>
                {stolen.details.map((one) => (
                  <p key={one}>{one}</p>
                ))}
              </details>
              <label class="theft-keys">
                <input type="checkbox" checked={keys} onChange={(event) => takeKeys(event.currentTarget.checked)} />
                The thief takes the folder with Murmur's keys as well
              </label>
              <div class="theft-columns">
                <LootColumn loot={stolen.naive} />
                <LootColumn loot={stolen.murmur} />
              </div>
              <NotProtected />
            </>
          )}
        </div>
        <Spoken text={loading ? "Copying both files." : stolen ? summary(stolen) : ""} pace={1000} />
      </div>
    </dialog>
  );
}

function NotProtected() {
  return (
    <section class="theft-limits" aria-labelledby="theft-limits">
      <h3 id="theft-limits">What this does not protect</h3>
      <ul>
        <li>A copy of both the database and the key directory, made while a round is open, opens that round.</li>
        <li>Whoever controls the server while a round is open can see what is sent, and Slack carries it.</li>
        <li>A comment's style can give its author away, however it is stored.</li>
      </ul>
    </section>
  );
}

function summary({ naive, murmur }: Stolen): string {
  const told = [naive, murmur].flatMap((loot) => [
    `${loot.name}: ${figure(loot.matched)} of ${figure(loot.of)} ${unitOf(loot)}.`,
    guessed(loot),
  ]);
  return told.filter(Boolean).join(" ");
}

/** The browser's own dialog: it holds the focus, closes with Escape, and gives the focus back to where it was. */
function useDialog(onClose: () => void) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const left = useRef(false);
  const leave = () => {
    if (!left.current) onClose();
    left.current = true;
  };
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    title.current?.focus();
    return () => {
      left.current = true; // it closes because it goes, not because somebody closed it
      shown?.close();
    };
  }, []);
  return { dialog, title, leave };
}

/** Loads the loot, and again when asked; what was there stays in sight meanwhile. */
function useTheft(keys: boolean) {
  const [stolen, keep] = useState<Stolen | null>(null);
  const [trouble, tell] = useState("");
  const [loading, wait] = useState(true);
  const latest = useRef(0);
  const steal = useCallback(async () => {
    const mine = ++latest.current;
    wait(true);
    tell("");
    try {
      const taken = await api.theft(keys);
      if (mine === latest.current) keep(taken);
    } catch (error) {
      if (mine === latest.current) tell(error instanceof Error ? error.message : String(error));
    }
    if (mine === latest.current) wait(false);
  }, [keys]);
  useEffect(() => {
    void steal();
    return () => void latest.current++; // an answer that comes too late finds nobody
  }, [steal]);
  return { stolen, trouble, loading, steal };
}
