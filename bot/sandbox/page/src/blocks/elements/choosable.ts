/** What a menu offers: the options of the app, or people and conversations of the workspace. */

import { said, type Around } from "../around";
import type { Channel, Element, Person } from "../../types";
import { directMessage } from "../text/names";

export interface Choosable {
  value: string; // what is told to the server
  label: string;
  detail: string; // a second, softer line or word
  group: string; // the heading it stands under, "" for none
  also: string[]; // other values that mean the same
}

interface Option {
  text: unknown;
  value: string;
  description?: unknown;
}

/** Everything that can be chosen in a menu element. */
export function choosableIn(element: Element, around: Around): Choosable[] {
  const kind = element.type.replace(/^multi_/, "");
  if (kind === "users_select") return people(around, true);
  if (kind === "channels_select") return channels(around, ["public"]);
  if (kind === "conversations_select") return conversations(element, around);
  const read = (object: unknown) => said(object, around.names, around.viewer.tz);
  const offered = (options: Option[], group: string) =>
    options.map((one) => ({
      value: one.value,
      label: read(one.text),
      detail: read(one.description),
      group,
      also: [],
    }));
  const groups = (element.option_groups ?? []) as { label: unknown; options: Option[] }[];
  return [
    ...offered((element.options ?? []) as Option[], ""),
    ...groups.flatMap((group) => offered(group.options ?? [], read(group.label))),
  ];
}

function conversations(element: Element, around: Around): Choosable[] {
  const filter = (element.filter ?? {}) as { include?: string[]; exclude_bot_users?: boolean };
  const wanted = filter.include ?? ["public", "private", "im", "mpim"];
  return [
    ...channels(around, wanted),
    ...(wanted.includes("im") ? people(around, !filter.exclude_bot_users) : []),
  ];
}

function channels({ workspace, viewer }: Around, wanted: string[]): Choosable[] {
  const visible = (one: Channel) =>
    !one.is_archived &&
    wanted.includes(one.is_private ? "private" : "public") &&
    (!one.is_private || one.members.includes(viewer.id));
  return workspace.channels.filter(visible).map((one) => ({
    value: one.id,
    label: `#${one.name}`,
    detail: one.is_private ? "private" : "",
    group: "",
    also: [],
  }));
}

function people({ workspace }: Around, bots: boolean): Choosable[] {
  const visible = (one: Person) => !one.deleted && (bots || !one.is_bot);
  return workspace.people.filter(visible).map((one) => ({
    value: one.id,
    label: one.real_name,
    detail: one.is_bot ? "app" : one.title || `@${one.name}`,
    group: "",
    also: [directMessage(one.id)],
  }));
}

/** Those that fit what was typed: every word begins some word of theirs. */
export function matching(all: Choosable[], typed: string): Choosable[] {
  const wanted = folded(typed).split(/[\s@#]+/).filter(Boolean);
  if (!wanted.length) return all;
  return all.filter((one) => {
    const words = folded(`${one.label} ${one.detail}`).split(/[^\p{L}\p{N}]+/u);
    const whole = folded(one.label);
    return wanted.every((part) => words.some((word) => word.startsWith(part)) || whole.includes(part));
  });
}

function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** What is chosen, as it is shown; somebody who can no longer be chosen is still named. */
export function chosenOf(values: string[], all: Choosable[], around: Around): Choosable[] {
  return values.map((value) => {
    const found = all.find((one) => one.value === value || one.also.includes(value));
    if (found) return found;
    const label = around.names.person(value)?.real_name ?? around.names.of(value);
    return { value, label, detail: "", group: "", also: [] };
  });
}
