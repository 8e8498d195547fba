/** The state of a combobox: what is typed, what is open, which line is marked. */

import { useState } from "preact/hooks";
import { matching, type Choosable } from "./choosable";

const SHOWN = 100; // lines in a list; more is found by typing

interface Wish {
  all: Choosable[];
  chosen: Choosable[];
  many: boolean;
  most: number;
  onChange(values: string[]): void;
}

export function useCombo({ all, chosen, many, most, onChange }: Wish) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(-1); // the marked line, -1 for none

  const fitting = matching(all, typed);
  const lines = fitting.slice(0, SHOWN);
  const values = chosen.map((one) => one.value);
  const isChosen = (one: Choosable) => values.includes(one.value);
  const full = many && chosen.length >= most;

  const show = () => {
    if (open) return;
    setOpen(true);
    setAt(many ? -1 : lines.findIndex(isChosen));
  };
  const hide = () => {
    setOpen(false);
    setTyped("");
    setAt(-1);
  };
  const remove = (value: string) => onChange(values.filter((one) => one !== value));
  const choose = (one: Choosable) => {
    if (!many) {
      onChange([one.value]);
      hide();
    } else if (isChosen(one)) remove(one.value);
    else if (!full) {
      onChange([...values, one.value]);
      setTyped("");
      setAt(-1);
    }
  };
  const type = (text: string) => {
    setTyped(text);
    setOpen(true);
    setAt(text && matching(all, text).length ? 0 : -1);
  };
  const step = (by: number) => {
    if (!open) show();
    else if (lines.length) setAt(at < 0 && by < 0 ? lines.length - 1 : (at + by + lines.length) % lines.length);
  };

  /** Whether the key was one for the list. */
  const key = (name: string): boolean => {
    if (name === "ArrowDown") step(1);
    else if (name === "ArrowUp") step(-1);
    else if (name === "Enter" && open && lines[at]) choose(lines[at]);
    else if (name === "Enter" && !open) show();
    else if (name === "Escape" && open) hide();
    else if (name === "Backspace" && many && !typed && values.length) remove(values[values.length - 1] ?? "");
    else return false;
    return true;
  };
  const more = fitting.length - lines.length;
  return { open, typed, at, lines, more, full, isChosen, show, hide, choose, remove, type, key };
}

export type Combo = ReturnType<typeof useCombo>;
