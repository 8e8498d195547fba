/** Fields to type in: a line, several lines, a number, an address. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { useAround, useSaid, type Slot } from "../around";
import { useField } from "../field";
import { single } from "../states";

interface Kind {
  type: "text" | "email" | "url";
  mode: "text" | "decimal" | "email" | "url";
}

const KINDS: Record<string, Kind> = {
  plain_text_input: { type: "text", mode: "text" },
  // Not type=number: what was typed stays visible, and what is wrong with it is said.
  number_input: { type: "text", mode: "decimal" },
  email_text_input: { type: "email", mode: "email" },
  url_text_input: { type: "url", mode: "url" },
};

export function TextInput({ slot }: { slot: Slot }) {
  const { disabled } = useAround();
  const said = useSaid();
  const { element } = slot;
  const control = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const { value, enter, flush } = useField(slot, () => document.activeElement === control.current);
  const text = single(value);
  const triggers: string[] = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  // Where the app hears of every entry, it wants to hear of it at a certain moment.
  const patient = slot.dispatches && !triggers.includes("on_character_entered");
  const kind: Kind = KINDS[element.type] ?? { type: "text", mode: "text" };
  const longest = Number(element.max_length) || 3000;
  const left = longest - text.length;
  const near = left <= Math.max(20, longest / 10);
  const described = [slot.describedBy, near && `${slot.id}-left`].filter(Boolean).join(" ");

  useGrowing(control, !!element.multiline, text);
  const shared = {
    id: slot.id,
    class: `bk-text${slot.wrong || left < 0 ? " bk-wrong" : ""}`,
    value: text,
    placeholder: said(element.placeholder) || undefined,
    disabled,
    autocomplete: "off",
    "data-focus": element.focus_on_load || undefined,
    "aria-labelledby": slot.labelledBy,
    "aria-label": slot.named ? undefined : said(element.placeholder) || "Text",
    "aria-describedby": described || undefined,
    "aria-invalid": slot.wrong || left < 0 || undefined,
    "aria-required": !slot.optional || undefined,
    onBlur: flush,
  };
  const typed = (now: string) => enter(now === "" ? null : now, patient ? "later" : "soon");
  return (
    <div class="bk-text-place">
      {element.multiline ? (
        <textarea {...shared} ref={control} rows={3} onInput={(event) => typed(event.currentTarget.value)} />
      ) : (
        <input
          {...shared}
          ref={control}
          type={kind.type as "text"} // the types know a list of roles a type; all three are text boxes
          inputMode={element.is_decimal_allowed === false ? "numeric" : kind.mode}
          onInput={(event) => typed(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") flush(); // and nothing else: in Slack it does not send the form
          }}
        />
      )}
      {near && (
        <div id={`${slot.id}-left`} class={left < 0 ? "bk-left bk-left-over" : "bk-left"}>
          {left < 0 ? `${-left} too many` : `${left} left`}
        </div>
      )}
    </div>
  );
}

/** A field of several lines grows with them, up to what the style allows. */
function useGrowing(control: { current: HTMLElement | null }, multiline: boolean, text: string) {
  useLayoutEffect(() => {
    const field = control.current;
    if (!multiline || !field) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
  }, [multiline, text]);
}
