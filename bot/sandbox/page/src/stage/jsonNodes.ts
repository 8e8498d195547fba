/** JSON as the lines of a tree: which there are, given what is unfolded. */

import type { Json } from "../types";

export interface JsonNode {
  path: string;
  parent: string; // "" at the top
  level: number; // from 1
  name: string; // the key, or the place in a list
  kind: "list" | "record" | "text" | "number" | "word"; // word: true, false, null
  text: string; // the value, or how much is folded away
  folds: boolean;
  open: boolean;
  place: number; // among its siblings, from 1
  of: number;
}

const LONG = 160; // characters from which a text is folded
const FIRST_LOOK = 40; // lines that are unfolded unasked, at most

/** The lines to be seen, from the top. `root` itself has no line. */
export function visibleNodes(root: Json, open: ReadonlySet<string>): JsonNode[] {
  const lines: JsonNode[] = [];
  const walk = (value: Json, parent: string, level: number) => {
    const entries = children(value);
    entries.forEach(([name, child], place) => {
      const line = node(name, child, { parent, level, place: place + 1, of: entries.length }, open);
      lines.push(line);
      if (line.open) walk(child, line.path, level + 1);
    });
  };
  walk(root, "", 1);
  return lines;
}

/** What to unfold at first: level by level, as long as it can be taken in at a glance. */
export function firstLook(root: Json): Set<string> {
  const open = new Set<string>();
  let lines = children(root).length;
  let level: [string, Json][] = children(root).map(([name, child]) => [`/${name}`, child]);
  while (level.length > 0) {
    const below: [string, Json][] = [];
    for (const [path, value] of level) {
      const inside = children(value);
      if (inside.length === 0 || lines + inside.length > FIRST_LOOK) continue;
      open.add(path);
      lines += inside.length;
      below.push(...inside.map(([name, child]): [string, Json] => [`${path}/${name}`, child]));
    }
    level = below;
  }
  return open;
}

function node(
  name: string,
  value: Json,
  where: Pick<JsonNode, "parent" | "level" | "place" | "of">,
  open: ReadonlySet<string>,
): JsonNode {
  const path = `${where.parent}/${name}`;
  const inside = children(value).length;
  const long = typeof value === "string" && value.length > LONG;
  const folds = inside > 0 || long;
  const unfolded = folds && open.has(path);
  return { ...where, path, name, kind: kindOf(value), text: textOf(value, inside, unfolded), folds, open: unfolded };
}

function children(value: Json): [string, Json][] {
  return value !== null && typeof value === "object" ? Object.entries(value) : [];
}

function kindOf(value: Json): JsonNode["kind"] {
  if (Array.isArray(value)) return "list";
  if (value === null || typeof value === "boolean") return "word";
  if (typeof value === "object") return "record";
  return typeof value === "string" ? "text" : "number";
}

function textOf(value: Json, inside: number, open: boolean): string {
  if (Array.isArray(value)) return inside === 0 ? "[ ]" : `[ ${inside} ]`;
  if (value !== null && typeof value === "object") return inside === 0 ? "{ }" : `{ ${inside} }`;
  if (typeof value !== "string") return String(value);
  if (value.length <= LONG || open) return `"${value}"`;
  return `"${value.slice(0, LONG)}… (${value.length.toLocaleString("en-GB")} characters)`;
}
