/** The windows of the app, at most three: the one in front can be used, those behind are seen under it. */

import { useEffect, useRef } from "preact/hooks";
import type { Outcome, Person, View, Workspace } from "../types";
import { keepTabInside, useFocusReturn } from "./windows/focus";
import { Window } from "./windows/Window";

export interface ModalStackProps {
  views: View[]; // the one in front last
  workspace: Workspace;
  viewer: Person;
  onPress(blockId: string, actionId: string, choice?: string): Promise<Outcome>;
  onEnter(blockId: string, actionId: string, value: unknown): Promise<Outcome>;
  onSubmit(): Promise<Outcome>;
  onClose(everything: boolean): Promise<Outcome>;
  trouble: string;
}

export function ModalStack(props: ModalStackProps) {
  const { views } = props;
  const layer = useRef<HTMLDivElement>(null);
  const open = views.length > 0;
  useFocusReturn(open);
  useKeys(open, layer, () => layer.current?.querySelector<HTMLButtonElement>("[data-close]")?.click());
  if (!open) return null;
  return (
    <div ref={layer} class="bk-layer" style={{ "--behind": views.length - 1 }}>
      <div class="bk-stack">
        {views.map((view, number) => (
          <Window key={view.id} {...props} view={view} behind={views.length - 1 - number} alone={views.length === 1} />
        ))}
      </div>
    </div>
  );
}

/** Escape closes, Tab stays inside; also when a click into the empty has taken the focus from everything. */
function useKeys(open: boolean, layer: { current: HTMLElement | null }, close: () => void) {
  useEffect(() => {
    if (!open) return;
    const key = (event: KeyboardEvent) => {
      const root = layer.current?.querySelector<HTMLElement>("[role=dialog]");
      const inside = event.target === document.body || layer.current?.contains(event.target as Node);
      // The browser's own dialogs lie above: their Escape is theirs.
      if (document.querySelector("dialog[open]")) return;
      if (!root || !inside || event.defaultPrevented || event.isComposing) return;
      if (event.key === "Escape") {
        event.preventDefault();
        close();
      } else keepTabInside(event, root);
    };
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  }, [open]);
}
