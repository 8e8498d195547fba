/** One column of the theft: the figure, how it went, what is known of one person, and the tables. */

import { useId } from "preact/hooks";
import type { Loot } from "../types";
import { figure } from "./bytes";
import { LootTables } from "./LootTables";

/** The same parts on both sides, filled by what the same attack found: nothing here knows which bot it is. */
export function LootColumn({ loot }: { loot: Loot }) {
  const id = useId();
  return (
    <section class="loot" aria-labelledby={id} data-traced={loot.traced}>
      <header class="loot-head">
        <h3 id={id}>{loot.name}</h3>
        <p class="loot-file">{loot.file}</p>
      </header>
      <div class="loot-result">
        <p class="loot-figure">
          <span class="loot-big">
            {figure(loot.matched)} of {figure(loot.of)}
          </span>{" "}
          <span class="loot-unit">{unitOf(loot)}</span>
        </p>
        {loot.chance > 0 && <p class="loot-guess">{guessed(loot)}</p>}
        <span class="loot-share" aria-hidden="true">
          <span style={{ transform: `scaleX(${loot.of > 0 ? loot.matched / loot.of : 0})` }} />
        </span>
        <p class="loot-how">{loot.how}</p>
        {loot.keys !== null && <p class="loot-keys">{keysFound(loot.keys)}</p>}
      </div>
      <Known loot={loot} />
      <LootTables loot={loot} />
    </section>
  );
}

function Known({ loot }: { loot: Loot }) {
  const nothing = loot.found.length === 0 && !loot.comment;
  return (
    <div class="loot-known">
      <h4>What the thief reads of {loot.person}</h4>
      {nothing ? (
        <p class="loot-nothing">Nothing</p>
      ) : (
        <>
          <dl class="loot-answers">
            {loot.found.map(({ question, answer }) => (
              <div key={question}>
                <dt>{question}</dt>
                <dd>{answer}</dd>
              </div>
            ))}
          </dl>
          {loot.comment && <blockquote class="loot-comment">{loot.comment}</blockquote>}
        </>
      )}
      {loot.remark && <p class="loot-remark">{loot.remark}</p>}
    </div>
  );
}

/** What the figure counts. */
export function unitOf({ of }: Loot): string {
  return of === 1 ? "set of answers traced" : "sets of answers traced";
}

/** How many as many tries at random would seem to trace. */
export function guessed({ chance }: Loot): string {
  return chance > 0 ? `Blind guessing gets up to ${figure(chance)} right.` : "";
}

function keysFound(keys: number): string {
  if (keys === 0) return "No round key lies in its folder.";
  return keys === 1 ? "One round key lies in its folder." : `${figure(keys)} round keys lie in its folder.`;
}
