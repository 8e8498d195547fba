/** The list of a combobox. The focus stays in the field; the marked line is told by its id. */

import { useEffect } from "preact/hooks";
import type { RefObject } from "preact";
import type { Choosable } from "./choosable";
import type { Combo } from "./combo";
import { usePopup } from "./popup";

interface Props {
  id: string;
  anchor: RefObject<HTMLElement | null>;
  combo: Combo;
  many: boolean;
  most: number;
  label: string;
}

export function ComboList({ id, anchor, combo, many, most, label }: Props) {
  const popup = usePopup<HTMLDivElement>(anchor, true);
  useEffect(() => {
    popup.current?.querySelector(".bk-line-at")?.scrollIntoView({ block: "nearest" });
  }, [combo.at]);
  const keepFocus = (event: MouseEvent) => {
    // A press in the list must not take the focus out of the field.
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={popup} popover="manual" class="bk-popup" onMouseDown={keepFocus}>
      <div id={id} role="listbox" aria-label={label} aria-multiselectable={many || undefined}>
        {inGroups(combo.lines).map(({ group, lines }) => (
          <div key={group} role={group ? "group" : "presentation"} aria-label={group || undefined}>
            {group && (
              <div class="bk-line-group" aria-hidden="true">
                {group}
              </div>
            )}
            {lines.map(({ one, number }) => (
              <Line key={one.value} id={`${id}-${number}`} one={one} number={number} combo={combo} many={many} />
            ))}
          </div>
        ))}
      </div>
      <div class="bk-line-note" role="status">
        {note(combo, many, most)}
      </div>
    </div>
  );
}

function note(combo: Combo, many: boolean, most: number): string {
  if (!combo.lines.length) return combo.typed ? `Nothing fits “${combo.typed}”.` : "There is nothing to choose.";
  if (many && combo.full) return most === 1 ? "One is the most." : `${most} is the most.`;
  return combo.more > 0 ? `Type to find ${combo.more} more.` : "";
}

interface LineProps {
  id: string;
  one: Choosable;
  number: number;
  combo: Combo;
  many: boolean;
}

function Line({ id, one, number, combo, many }: LineProps) {
  const chosen = combo.isChosen(one);
  const off = many && combo.full && !chosen;
  return (
    <div
      id={id}
      role="option"
      class={`bk-line${number === combo.at ? " bk-line-at" : ""}`}
      aria-selected={chosen}
      aria-disabled={off || undefined}
      onClick={() => combo.choose(one)}
    >
      <span class="bk-line-words">{one.label}</span>
      {one.detail && <span class="bk-line-detail">{one.detail}</span>}
      {chosen && (
        <svg class="bk-line-tick" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <path d="m3 8.5 3.5 3.5L13 4.5" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
        </svg>
      )}
    </div>
  );
}

interface Numbered {
  one: Choosable;
  number: number;
}

function inGroups(lines: Choosable[]): { group: string; lines: Numbered[] }[] {
  const groups: { group: string; lines: Numbered[] }[] = [];
  for (const [number, one] of lines.entries()) {
    const last = groups[groups.length - 1];
    if (last && last.group === one.group) last.lines.push({ one, number });
    else groups.push({ group: one.group, lines: [{ one, number }] });
  }
  return groups;
}
