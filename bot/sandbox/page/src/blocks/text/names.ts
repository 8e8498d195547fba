/** The names of people, channels and user groups, as Slack shows a mention of them. */

import type { Person, Workspace } from "../../types";

export interface Names {
  of(id: string): string; // "@Dana Ito", "#vision", "@vision-team"; an unknown id is its own name
  person(id: string): Person | undefined; // also by the id of their direct message
}

const known = new WeakMap<Workspace, Names>();

/** The names in a workspace. */
export function namesIn(workspace: Workspace): Names {
  let names = known.get(workspace);
  if (!names) known.set(workspace, (names = collect(workspace)));
  return names;
}

function collect(workspace: Workspace): Names {
  const people = new Map(workspace.people.map((one) => [one.id, one]));
  const mentions = new Map<string, string>();
  for (const group of workspace.user_groups) mentions.set(group.id, `@${group.handle}`);
  for (const channel of workspace.channels) mentions.set(channel.id, `#${channel.name}`);
  for (const person of workspace.people) {
    mentions.set(person.id, `@${person.real_name}`);
    // A conversation that was picked can be the direct message with somebody.
    people.set(directMessage(person.id), person);
  }
  return { of: (id) => mentions.get(id) ?? id, person: (id) => people.get(id) };
}

/** The id of the direct message between a person and the app. */
export function directMessage(person: string): string {
  return person.replace(/^[UW]0/, "D0");
}
