/** One window: its title, its blocks, its buttons; and what went wrong with sending it. */

import { useId, useMemo, useRef } from "preact/hooks";
import type { View } from "../../types";
import { Blocks } from "../Blocks";
import { Cross } from "../elements/Cross";
import { Entries } from "../entries";
import type { ModalStackProps } from "../ModalStack";
import { useWindowFocus } from "./attention";
import { useFollowing } from "./following";
import { useSending } from "./sending";

interface Props extends ModalStackProps {
  view: View;
  behind: number; // how many windows lie above it
  alone: boolean;
}

export function Window(props: Props) {
  const { view, behind, alone, workspace, viewer, onPress, onEnter, onClose, trouble } = props;
  const front = behind === 0;
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const entries = useMemo(() => new Entries(onEnter), []);
  const sending = useSending(view, entries, props.onSubmit);
  useFollowing(body, view, entries);
  useWindowFocus({ root, body, front, errors: sending.errors, attempt: sending.attempt });

  const close = (everything: boolean) => {
    if (!sending.busy) void onClose(everything).catch(() => {});
  };
  const wrong = Object.keys(sending.errors).length;
  const banner = front ? sending.trouble || trouble : "";
  return (
    <div
      ref={root}
      class={front ? "bk-window" : "bk-window bk-window-behind"}
      style={{ "--depth": behind }}
      role={front ? "dialog" : undefined}
      aria-modal={front || undefined}
      aria-labelledby={front ? `${id}-title` : undefined}
      aria-hidden={front ? undefined : true}
      aria-busy={sending.busy || undefined}
      inert={!front}
      tabIndex={-1}
    >
      <div class="bk-window-head">
        {!alone && <Corner sign="back" label="Back" onClick={() => close(false)} />}
        <h2 class="bk-window-title" id={`${id}-title`}>
          {view.title}
        </h2>
        <Corner sign="cross" label={alone ? "Close window" : "Close all windows"} onClick={() => close(!alone)} />
      </div>
      <div class="bk-banner-place" role="alert">
        {banner && <div class="bk-banner">{banner}</div>}
        {front && wrong > 0 && (
          <div class="bk-aside">
            {wrong === 1 ? "One field needs another look." : `${wrong} fields need another look.`}
          </div>
        )}
      </div>
      <div ref={body} class="bk-window-body">
        <Blocks
          surface="modal"
          blocks={view.blocks}
          values={view.values}
          errors={sending.errors}
          workspace={workspace}
          viewer={viewer}
          onPress={onPress}
          onEnter={onEnter}
          entries={entries}
        />
      </div>
      <Foot view={view} busy={sending.busy} onSend={sending.send} onClose={() => close(false)} />
    </div>
  );
}

function Corner({ sign, label, onClick }: { sign: "back" | "cross"; label: string; onClick(): void }) {
  return (
    <button type="button" class="bk-corner" aria-label={label} onClick={onClick}>
      {sign === "cross" ? (
        <Cross />
      ) : (
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <path d="M10 3 5 8l5 5" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" />
        </svg>
      )}
    </button>
  );
}

interface FootProps {
  view: View;
  busy: boolean;
  onSend(): void;
  onClose(): void;
}

function Foot({ view, busy, onSend, onClose }: FootProps) {
  // Slack gives a form a way out even where the app names none.
  const close = view.close || (view.submit ? "Cancel" : "");
  return (
    <div class={close || view.submit ? "bk-window-buttons" : "bk-window-buttons bk-window-bare"}>
      {/* Escape presses this one, also where nothing is to be seen of it. */}
      <button
        type="button"
        data-close
        class="bk-button"
        hidden={!close}
        aria-disabled={busy || undefined}
        onClick={onClose}
      >
        {close}
      </button>
      {view.submit && (
        <button
          type="button"
          class="bk-button bk-button-primary"
          aria-disabled={busy || undefined}
          aria-busy={busy || undefined}
          onClick={onSend}
        >
          {view.submit}
        </button>
      )}
      <span class="bk-aside" role="status">
        {busy ? "Sending" : ""}
      </span>
    </div>
  );
}
