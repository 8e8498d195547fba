/** A notice in a window. */

import type { Block } from "../../types";
import { Words } from "../text/Words";

const LEVELS: Record<string, { words: string; path: string }> = {
  default: { words: "Note", path: "M8 7.2v4M8 4.6v.4" },
  info: { words: "Information", path: "M8 7.2v4M8 4.6v.4" },
  success: { words: "Done", path: "m4.8 8.2 2.2 2.2 4.2-4.6" },
  warning: { words: "Warning", path: "M8 4.4v4.4M8 11.2v.4" },
  error: { words: "Error", path: "m5.4 5.4 5.2 5.2m0-5.2-5.2 5.2" },
};

export function Alert({ block }: { block: Block }) {
  const level = Object.hasOwn(LEVELS, block.level) ? String(block.level) : "default";
  const { words, path } = LEVELS[level] ?? { words: "Note", path: "" };
  return (
    <div class={`bk-alert bk-alert-${level}`} role="note" aria-label={words}>
      <svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true" fill="none" stroke="currentColor">
        <circle cx="8" cy="8" r="7" stroke-width="1.5" />
        <path d={path} stroke-width="1.7" stroke-linecap="round" />
      </svg>
      <Words of={block.text} />
    </div>
  );
}
