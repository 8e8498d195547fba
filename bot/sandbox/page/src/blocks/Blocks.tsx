/** Block Kit, drawn. The words are those of rendering.py; what people enter goes out as entering.py takes it. */

import { useId, useMemo, useRef } from "preact/hooks";
import type { Block, Outcome, Person, Values, Workspace } from "../types";
import { AroundContext, type Around, type Surface } from "./around";
import { BlockOf } from "./BlockOf";
import { Entries } from "./entries";
import { fieldsOf } from "./states";
import { namesIn } from "./text/names";

export { Mrkdwn } from "./text/Mrkdwn";
export { plain } from "./text/plain";

export interface BlocksProps {
  surface: Surface;
  blocks: Block[];
  values: Values;
  errors: Record<string, string>;
  workspace: Workspace;
  viewer: Person;
  onPress(blockId: string, actionId: string, choice?: string): Promise<Outcome>;
  onEnter(blockId: string, actionId: string, value: unknown): Promise<Outcome>;
  disabled?: boolean;
  entries?: Entries; // for a window, whose own buttons wait for them too
}

export function Blocks(props: BlocksProps) {
  const { surface, blocks, values, errors, workspace, viewer, onPress, onEnter, disabled = false } = props;
  // One person's entries are never sent as another's who looks at the same message next.
  const own = useMemo(() => new Entries(onEnter), [viewer.id]);
  const entries = props.entries ?? own;
  entries.send = onEnter;
  const press = useRef(onPress);
  press.current = onPress;
  const prefix = useId();
  const around = useMemo<Around>(
    () => ({
      surface,
      values,
      errors,
      workspace,
      viewer,
      names: namesIn(workspace),
      entries,
      disabled,
      prefix,
      press: (blockId, actionId, choice) => press.current(blockId, actionId, choice),
    }),
    [surface, values, errors, workspace, viewer, entries, disabled, prefix],
  );
  return (
    <AroundContext.Provider value={around}>
      <div key={viewer.id} class={`bk-blocks bk-on-${surface}`}>
        {keyed(blocks).map(([key, block]) => (
          <BlockOf key={key} block={block} />
        ))}
      </div>
    </AroundContext.Provider>
  );
}

/** Blocks with names to know them by in an update: one with a field by its id, so that the field stays what it is
    wherever it moves; any other by its place among its like, so that what has the focus keeps it under new ids. */
function keyed(blocks: Block[]): [string, Block][] {
  const counts = new Map<string, number>();
  return blocks.map((block) => {
    if (fieldsOf(block).length && block.block_id) return [`field ${block.block_id}`, block];
    const number = (counts.get(block.type) ?? 0) + 1;
    counts.set(block.type, number);
    return [`${block.type} ${number}`, block];
  });
}
