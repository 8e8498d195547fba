/** A field with a list to search and choose from. Several choices stand before it as chips. */

import { useRef } from "preact/hooks";
import type { Slot } from "../around";
import type { Choosable } from "./choosable";
import { useCombo } from "./combo";
import { ComboList } from "./ComboList";
import { Cross } from "./Cross";

interface Props {
  slot: Slot;
  all: Choosable[];
  chosen: Choosable[];
  many: boolean;
  most: number;
  placeholder: string;
  clearable: boolean;
  disabled: boolean;
  onChange(values: string[]): void;
}

export function Combobox(props: Props) {
  const { slot, chosen, many, most, placeholder, clearable, disabled, onChange } = props;
  const combo = useCombo(props);
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const list = `${slot.id}-list`;
  const one = many ? undefined : chosen[0];
  // While the list is open the field is for searching, and what was chosen waits behind it.
  const shown = combo.open || !one ? combo.typed : one.label;
  const hint = combo.open && one ? one.label : many && chosen.length ? "" : placeholder;
  const clear = () => {
    onChange([]);
    input.current?.focus();
  };
  return (
    <div
      ref={box}
      class={`bk-combo${slot.wrong ? " bk-wrong" : ""}`}
      onMouseDown={(event) => {
        if (disabled || event.target === input.current) return;
        event.preventDefault();
        input.current?.focus();
        if (!(event.target as HTMLElement).closest("button")) combo.show();
      }}
    >
      {many && chosen.map((each) => <Chip key={each.value} of={each} disabled={disabled} onRemove={combo.remove} />)}
      <input
        ref={input}
        id={slot.id}
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        value={shown}
        placeholder={hint}
        disabled={disabled}
        data-focus={slot.element.focus_on_load || undefined}
        aria-expanded={combo.open}
        aria-controls={combo.open ? list : undefined}
        aria-activedescendant={combo.open && combo.at >= 0 ? `${list}-${combo.at}` : undefined}
        aria-autocomplete="list"
        aria-labelledby={slot.labelledBy}
        aria-label={slot.named ? undefined : placeholder}
        aria-describedby={slot.describedBy}
        aria-invalid={slot.wrong || undefined}
        aria-required={!slot.optional || undefined}
        onClick={combo.show}
        onInput={(event) => combo.type(event.currentTarget.value)}
        onBlur={combo.hide}
        onKeyDown={(event) => {
          if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing || !combo.key(event.key)) return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      {one && clearable && !disabled && (
        <button type="button" class="bk-combo-clear" aria-label={`Take back ${one.label}`} onClick={clear}>
          <Cross />
        </button>
      )}
      <svg class="bk-combo-arrow" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path d="m4 6 4 4 4-4" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" />
      </svg>
      {combo.open && <ComboList id={list} anchor={box} combo={combo} many={many} most={most} label={placeholder} />}
    </div>
  );
}

function Chip({ of, disabled, onRemove }: { of: Choosable; disabled: boolean; onRemove(value: string): void }) {
  return (
    <span class="bk-chip">
      {of.label}
      <button type="button" aria-label={`Remove ${of.label}`} disabled={disabled} onClick={() => onRemove(of.value)}>
        <Cross />
      </button>
    </span>
  );
}
