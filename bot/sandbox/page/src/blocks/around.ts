/** What every block knows of the surface it stands on. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Block, Element, Outcome, Person, Values, Workspace } from "../types";
import type { Entries } from "./entries";
import { unescaped } from "./text/entities";
import { withSigns } from "./text/emoji";
import { namesIn, type Names } from "./text/names";
import { plainText } from "./text/plain";

export type Surface = "message" | "modal" | "home";

export interface Around {
  surface: Surface;
  values: Values;
  errors: Record<string, string>;
  workspace: Workspace;
  viewer: Person;
  names: Names;
  entries: Entries;
  disabled: boolean;
  prefix: string; // of the ids of this surface in the page
  press(blockId: string, actionId: string, choice?: string): Promise<Outcome>;
}

/** An element and the place it stands in. */
export interface Slot {
  block: Block;
  blockId: string;
  actionId: string;
  element: Element;
  id: string; // of the control in the page
  labelledBy?: string | undefined; // the id of what names it, where no <label> does
  describedBy?: string | undefined;
  named: boolean; // by a <label> or by what labelledBy points at
  wrong: boolean; // an error stands beside it
  dispatches: boolean; // the app hears of every entry
  optional: boolean;
}

export const AroundContext = createContext<Around | null>(null);

export function useAround(): Around {
  const around = useContext(AroundContext);
  if (!around) throw new Error("a block stands outside of Blocks");
  return around;
}

/** The words of a text object, for places where only a string can stand. */
export function useSaid(): (object: unknown) => string {
  const { workspace, viewer } = useAround();
  return (object) => said(object, namesIn(workspace), viewer.tz);
}

/** The words of a text object, or of a bare string. */
export function said(object: unknown, names: Names, tz: string): string {
  if (typeof object === "string") return withSigns(unescaped(object));
  const { type, text = "", emoji } = (object ?? {}) as { type?: string; text?: string; emoji?: boolean };
  if (type === "mrkdwn") return withSigns(plainText(text, names, tz));
  return emoji === false ? unescaped(text) : withSigns(unescaped(text));
}

/** The place of an element in a block. */
export function slotIn(around: Around, block: Block, element: Element, more: Partial<Slot> = {}): Slot {
  const blockId = String(block.block_id ?? "");
  const actionId = String(element.action_id ?? "");
  return {
    block,
    blockId,
    actionId,
    element,
    id: `${around.prefix}-${blockId}-${actionId}`.replace(/[^\w-]/g, "_"),
    named: block.type === "input" || !!more.labelledBy,
    wrong: false,
    dispatches: block.type !== "input" || !!block.dispatch_action,
    optional: block.type !== "input" || !!block.optional,
    ...more,
  };
}
