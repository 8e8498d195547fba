/** Menus: of options, people, channels, conversations; for one choice or several. */

import { useMemo } from "preact/hooks";
import { useAround, useSaid, type Slot } from "../around";
import { useField } from "../field";
import { several, single } from "../states";
import { choosableIn, chosenOf } from "./choosable";
import { Combobox } from "./Combobox";

const ASKED: Record<string, string> = {
  static_select: "Choose an option",
  users_select: "Choose a person",
  channels_select: "Choose a channel",
  conversations_select: "Choose a conversation",
  multi_static_select: "Choose options",
  multi_users_select: "Choose people",
  multi_channels_select: "Choose channels",
  multi_conversations_select: "Choose conversations",
};

export function Menu({ slot }: { slot: Slot }) {
  const around = useAround();
  const said = useSaid();
  const { value, enter } = useField(slot);
  const { element } = slot;
  const all = useMemo(() => choosableIn(element, around), [element, around.workspace, around.viewer]);
  const many = element.type.startsWith("multi_");
  const held = many ? several(value) : single(value) ? [single(value)] : [];
  // One thing may be known by two names (a person, and the direct message with them): here by one.
  const chosen = chosenOf(held, all, around);
  const change = (values: string[]) => enter(many ? values : (values[0] ?? null));
  return (
    <Combobox
      slot={slot}
      all={all}
      chosen={chosen}
      most={many ? Number(element.max_selected_items) || Infinity : 1}
      many={many}
      placeholder={said(element.placeholder) || ASKED[element.type] || ""}
      clearable={slot.block.type === "input" && slot.optional}
      disabled={around.disabled}
      onChange={change}
    />
  );
}
