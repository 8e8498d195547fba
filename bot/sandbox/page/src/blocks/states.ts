/** The state Slack keeps of an element, and the value inside it. Mirrors EMPTY_STATES of inputs.py. */

import type { Element, Values } from "../types";
import type { Wire } from "./entries";

const HELD: Record<string, [state: string, initial: string]> = {
  plain_text_input: ["value", "initial_value"],
  email_text_input: ["value", "initial_value"],
  url_text_input: ["value", "initial_value"],
  number_input: ["value", "initial_value"],
  radio_buttons: ["selected_option", "initial_option"],
  static_select: ["selected_option", "initial_option"],
  users_select: ["selected_user", "initial_user"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  channels_select: ["selected_channel", "initial_channel"],
  checkboxes: ["selected_options", "initial_options"],
  multi_static_select: ["selected_options", "initial_options"],
  multi_users_select: ["selected_users", "initial_users"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"],
  multi_channels_select: ["selected_channels", "initial_channels"],
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"],
};

/** Whether something can be entered into an element of this type, here and at the server. */
export function isField(type: string): boolean {
  return Object.hasOwn(HELD, type);
}

/** What an element holds: what was entered, else what it begins with. */
export function heldBy(element: Element, blockId: string, values: Values): Wire {
  const names = HELD[element.type];
  if (!names) return null;
  const state = values[blockId]?.[element.action_id ?? ""];
  return state?.type === element.type ? wire(state[names[0]]) : wire(element[names[1]]);
}

function wire(held: unknown): Wire {
  if (Array.isArray(held)) return held.map((one) => String(wire(one)));
  if (held && typeof held === "object") return String((held as { value?: unknown }).value ?? "");
  return typeof held === "number" ? held : held === null || held === undefined ? null : String(held);
}

/** The value of a field that holds one thing, "" for nothing. */
export function single(value: Wire): string {
  return value === null || Array.isArray(value) ? "" : String(value);
}

/** The values of a field that holds several. */
export function several(value: Wire): string[] {
  return Array.isArray(value) ? value : [];
}

/** What stands in a message or view that can be filled in: blocks with such a field keep it when others come and go. */
export function fieldsOf(block: { type: string; [key: string]: any }): Element[] {
  const placed: unknown[] =
    block.type === "input" ? [block.element] : block.type === "section" ? [block.accessory] : (block.elements ?? []);
  return placed.filter((one): one is Element => isField(String((one as Element | undefined)?.type)));
}
