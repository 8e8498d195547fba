/** JSON as a tree that can be walked with the arrow keys. */

import { useRef, useState } from "preact/hooks";
import type { Json } from "../types";
import { firstLook, visibleNodes, type JsonNode } from "./jsonNodes";

interface JsonTreeProps {
  name: string; // what it is, for screen readers
  value: Json;
}

/** One tab stop. Arrows walk, fold and unfold; Home and End; Enter and Space turn; a letter finds a name. */
export function JsonTree({ name, value }: JsonTreeProps) {
  const [open, setOpen] = useState(() => firstLook(value));
  const [at, goTo] = useState("");
  const tree = useRef<HTMLUListElement>(null);
  const nodes = visibleNodes(value, open);
  const here = Math.max(0, nodes.findIndex((node) => node.path === at));
  if (nodes.length === 0) return <p class="json-empty">Nothing in it.</p>;

  const fold = (paths: string[], unfold: boolean) =>
    setOpen((before) => {
      const after = new Set(before);
      paths.forEach((path) => (unfold ? after.add(path) : after.delete(path)));
      return after;
    });
  const focus = (node: JsonNode | undefined) => {
    if (!node) return;
    goTo(node.path);
    tree.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(node.path)}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const node = nodes[here];
    if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = stepOf(event.key, nodes, here);
    if (step === null) return;
    event.preventDefault();
    if (step.fold) fold(step.fold, step.unfold ?? false);
    focus(step.to);
  };
  return (
    <ul class="json" role="tree" aria-label={name} ref={tree} onKeyDown={onKeyDown}>
      {nodes.map((node, place) => (
        <li
          key={node.path}
          role="treeitem"
          aria-level={node.level}
          aria-posinset={node.place}
          aria-setsize={node.of}
          aria-expanded={node.folds ? node.open : undefined}
          tabIndex={place === here ? 0 : -1}
          data-path={node.path}
          data-kind={node.kind}
          style={{ paddingInlineStart: `${(node.level - 1) * 14 + 16}px` }}
          onClick={() => {
            if (node.folds && !getSelection()?.toString()) fold([node.path], !node.open);
            goTo(node.path);
          }}
        >
          <span class="json-name">{node.name}</span>
          <span class="json-value">{node.text}</span>
        </li>
      ))}
    </ul>
  );
}

interface Step {
  to?: JsonNode | undefined;
  fold?: string[];
  unfold?: boolean;
}

/** What a key does, after the tree pattern of the ARIA authoring practices; null for keys that do nothing here. */
function stepOf(key: string, nodes: JsonNode[], here: number): Step | null {
  const node = nodes[here]!;
  switch (key) {
    case "ArrowDown":
      return { to: nodes[here + 1] };
    case "ArrowUp":
      return { to: nodes[here - 1] };
    case "ArrowRight":
      if (!node.folds) return {};
      return node.open ? { to: nodes.find((one) => one.parent === node.path) } : { fold: [node.path], unfold: true };
    case "ArrowLeft":
      if (node.open) return { fold: [node.path], unfold: false };
      return { to: nodes.find((one) => one.path === node.parent) };
    case "Home":
      return { to: nodes[0] };
    case "End":
      return { to: nodes.at(-1) };
    case "Enter":
    case " ":
      return node.folds ? { fold: [node.path], unfold: !node.open } : {};
    case "*":
      return { fold: nodes.filter((one) => one.parent === node.parent && one.folds).map((one) => one.path), unfold: true };
    default:
      return key.length === 1 ? { to: named(key, nodes, here) } : null;
  }
}

/** The next line whose name begins with a letter, around the end if need be. */
function named(letter: string, nodes: JsonNode[], here: number): JsonNode | undefined {
  const around = [...nodes.slice(here + 1), ...nodes.slice(0, here + 1)];
  return around.find((node) => node.name.toLowerCase().startsWith(letter.toLowerCase()));
}
