/** mrkdwn as plain text, word for word what Renderer.text of rendering.py says. */

import type { Person, Workspace } from "../../types";
import { ANGLE, readAngle } from "./angle";
import { unescaped } from "./entities";
import { namesIn, type Names } from "./names";

const NOBODY: Names = { of: (id) => id, person: () => undefined };
const ANGLES = new RegExp(ANGLE, "g");

/** Entities unescaped, mentions and links spelled out; mentions by their ids where the workspace is not given. */
export function plain(mrkdwn: string, workspace?: Workspace, viewer?: Person): string {
  return plainText(mrkdwn, workspace ? namesIn(workspace) : NOBODY, viewer?.tz ?? "UTC");
}

/** The same, with names at hand. */
export function plainText(mrkdwn: string, names: Names, tz: string): string {
  let read = "";
  let rest = 0;
  for (const match of mrkdwn.matchAll(ANGLES)) {
    read += unescaped(mrkdwn.slice(rest, match.index)) + readAngle(match[1] ?? "", names, tz).text;
    rest = match.index + match[0].length;
  }
  return read + unescaped(mrkdwn.slice(rest));
}
