/** Who it is, as a coloured square with initials. */

import type { Person, Workspace } from "../types";
import { MurmurMark } from "./Icons";

export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const first = words[0]?.[0] ?? "?";
  const last = words.length > 1 ? (words[words.length - 1]?.[0] ?? "") : "";
  return (first + last).toUpperCase();
}

const HUES = [15, 40, 62, 140, 165, 190, 215, 240, 262, 310, 335, 355]; // those that are pleasant this dark

/** The same hue for the same person, wherever they stand. */
function hue(id: string): number {
  let mixed = 0x811c9dc5;
  for (const letter of id) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193);
  return HUES[(mixed >>> 2) % HUES.length] ?? 0;
}

interface Props {
  id: string;
  name: string;
  app?: boolean;
  size?: number; // px
}

export function Avatar({ id, name, app = false, size = 36 }: Props) {
  const look = { "--size": `${size}px`, "--hue": String(hue(id)) };
  return (
    <span class={app ? "avatar avatar-app" : "avatar"} style={look} aria-hidden="true">
      {app ? <MurmurMark size={Math.round(size * 0.66)} /> : initials(name)}
    </span>
  );
}

/** The person or app with this id, and how to call them. */
export function whoIs(workspace: Workspace, id: string): { name: string; app: boolean; person: Person | null } {
  const person = workspace.people.find((one) => one.id === id) ?? null;
  if (id === workspace.app.bot_user_id) return { name: workspace.app.name, app: true, person };
  return { name: person?.real_name ?? id, app: false, person };
}
