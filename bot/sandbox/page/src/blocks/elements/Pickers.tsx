/** Dates and times, with the browser's own pickers. */

import { useRef } from "preact/hooks";
import { useAround, useSaid, type Slot } from "../around";
import { useField } from "../field";
import { single } from "../states";
import { localMinute, momentOf } from "./moments";

const TYPES: Record<string, "date" | "time" | "datetime-local"> = {
  datepicker: "date",
  timepicker: "time",
  datetimepicker: "datetime-local",
};
const CALLED: Record<string, string> = { datepicker: "Date", timepicker: "Time", datetimepicker: "Date and time" };

export function Picker({ slot }: { slot: Slot }) {
  const { disabled, viewer } = useAround();
  const said = useSaid();
  const control = useRef<HTMLInputElement>(null);
  const { value, enter, flush } = useField(slot, () => document.activeElement === control.current);
  const kind = slot.element.type;
  const moment = kind === "datetimepicker";
  const zone = String(slot.element.timezone ?? "");
  const picked = (now: string) => {
    if (!now) enter(null, "soon");
    else enter(moment ? momentOf(now, viewer.tz) : now, "soon");
  };
  return (
    <div class="bk-picker">
      <input
        ref={control}
        id={slot.id}
        class={`bk-text${slot.wrong ? " bk-wrong" : ""}`}
        type={TYPES[kind] ?? "date"}
        value={moment && value !== null ? localMinute(Number(value), viewer.tz) : single(value)}
        disabled={disabled}
        title={said(slot.element.placeholder) || undefined}
        data-focus={slot.element.focus_on_load || undefined}
        aria-labelledby={slot.labelledBy}
        aria-label={slot.named ? undefined : said(slot.element.placeholder) || CALLED[kind]}
        aria-describedby={slot.describedBy}
        aria-invalid={slot.wrong || undefined}
        aria-required={!slot.optional || undefined}
        onInput={(event) => picked(event.currentTarget.value)}
        onBlur={flush}
      />
      {zone && <span class="bk-picker-zone">{zone.replaceAll("_", " ")}</span>}
    </div>
  );
}
