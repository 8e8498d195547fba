/** The menu behind three dots. */

import { useEffect, useRef, useState } from "preact/hooks";
import { useAround, useSaid, type Slot } from "../around";
import { Confirm } from "../windows/Confirm";
import { InlineWords } from "../text/Words";
import { usePopup } from "./popup";
import { usePressing } from "./pressing";
import { Trouble } from "./Trouble";

interface Option {
  text: unknown;
  value?: string;
  url?: string;
}

export function Overflow({ slot }: { slot: Slot }) {
  const { disabled } = useAround();
  const said = useSaid();
  const { busy, trouble, asking, press, answer } = usePressing(slot);
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const options = (slot.element.options ?? []) as Option[];
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const choose = (option: Option) => {
    close();
    if (/^https?:\/\//i.test(option.url ?? "")) window.open(option.url, "_blank", "noopener,noreferrer");
    press(option.value ?? said(option.text));
  };
  return (
    <span class="bk-button-place">
      <button
        ref={button}
        type="button"
        class="bk-button bk-button-dots"
        disabled={disabled}
        aria-label={slot.element.accessibility_label || "More"}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-busy={busy || undefined}
        aria-disabled={busy || undefined}
        onClick={() => !busy && setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" || busy) return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="currentColor">
          <circle cx="8" cy="3" r="1.4" />
          <circle cx="8" cy="8" r="1.4" />
          <circle cx="8" cy="13" r="1.4" />
        </svg>
      </button>
      {open && (
        <Menu anchor={button} options={options} onChoose={choose} onClose={close} onLeave={() => setOpen(false)} />
      )}
      <Trouble text={trouble} />
      {asking !== null && <Confirm confirm={slot.element.confirm} fallback="Do this?" onAnswer={answer} />}
    </span>
  );
}

interface MenuProps {
  anchor: { current: HTMLButtonElement | null };
  options: Option[];
  onChoose(option: Option): void;
  onClose(): void;
  onLeave(): void;
}

function Menu({ anchor, options, onChoose, onClose, onLeave }: MenuProps) {
  const popup = usePopup<HTMLDivElement>(anchor, true, "end");
  useEffect(() => popup.current?.querySelector("button")?.focus(), []);
  const step = (event: KeyboardEvent) => {
    if (event.key === "Escape" || event.key === "Tab") {
      event.stopPropagation();
      event.preventDefault();
      onClose();
      return;
    }
    const items = [...(popup.current?.querySelectorAll("button") ?? [])];
    const at = items.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    items[(to + items.length) % items.length]?.focus();
  };
  return (
    <div
      ref={popup}
      popover="manual"
      class="bk-popup bk-menu"
      role="menu"
      aria-label="More"
      onKeyDown={step}
      onFocusOut={(event) => {
        const to = event.relatedTarget as Node | null;
        if (!popup.current?.contains(to) && to !== anchor.current) onLeave();
      }}
    >
      {options.map((option, number) => (
        <button key={number} type="button" role="menuitem" tabIndex={-1} onClick={() => onChoose(option)}>
          <InlineWords of={option.text} />
        </button>
      ))}
    </div>
  );
}
