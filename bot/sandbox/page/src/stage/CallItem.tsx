/** One call in the inspector: a line that unfolds into what was sent and what came back. */

import { useId, useState } from "preact/hooks";
import type { Call } from "../types";
import { faultWords, limitWords, verdictWords, wentWrong } from "./callWords";
import { JsonTree } from "./JsonTree";
import { clockTime } from "./moments";

export function CallItem({ call }: { call: Call }) {
  const [open, turn] = useState(false);
  const id = useId();
  const fault = faultWords(call.fault);
  const limit = limitWords(call);
  return (
    <li class="call" data-wrong={wentWrong(call)}>
      <button
        type="button"
        class="call-line"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => turn(!open)}
      >
        <span class="call-number">
          <span class="aside">Call </span>
          {call.number}
        </span>
        <span class="call-method">{call.method}</span>
        <span class="call-verdict">{verdictWords(call)}</span>
        <span class="call-more">
          <time dateTime={call.at}>{clockTime(call.at)}</time>
          {limit && <span data-wait={(call.limit.retry_after ?? 0) > 0}>{limit}</span>}
          {fault && <span class="call-fault">{fault}</span>}
        </span>
      </button>
      {open && (
        <div class="call-inside" id={id}>
          <h4>Sent</h4>
          <JsonTree name={`Sent with ${call.method}`} value={call.payload} />
          <h4>Answered{call.http_status > 0 ? `, HTTP ${call.http_status}` : ": nothing, the connection closed"}</h4>
          <JsonTree name={`Answer to ${call.method}`} value={call.answer} />
          {call.limit.limit && call.limit.limit !== "none" && (
            <p class="call-bucket">
              Counted against {call.limit.limit}: {limit}.
            </p>
          )}
        </div>
      )}
    </li>
  );
}
