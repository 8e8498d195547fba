/** The tables as they lie in the stolen file, with lines between the rows that the attack put together. */

import { Fragment } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Loot, LootTable } from "../types";
import { figure, shortened } from "./bytes";

/** Two rows of the first two tables that belong to one person. */
interface Pair {
  rows: [number, number];
  own: boolean; // of the person looked for
  letter: string;
}

interface Line extends Pair {
  from: number; // pixels from the top
  to: number;
}

const LONG = 28; // characters
const LANE = 5; // pixels between two lines
const MARGIN = 8;
const FIRST_LINE = 13; // pixels from the top of a row to the middle of its first line

/** Lines are drawn only for pairs that the attack itself reports. */
export function LootTables({ loot }: { loot: Loot }) {
  const pairs = pairsOf(loot);
  const frame = useRef<HTMLDivElement>(null);
  const lines = useLines(frame, pairs);
  const room = pairs.length > 0 ? pairs.length * LANE + MARGIN : 0;
  return (
    <div class="loot-file-inside">
      <h4>As it lies in the file</h4>
      {pairs.length > 0 && (
        <p class="loot-legend">Rows with the same letter belong together. The marked ones are {loot.person}.</p>
      )}
      <div class="loot-tables" ref={frame} style={{ paddingInlineStart: `${room}px` }}>
        {pairs.length > 0 && <Lines lines={lines} room={room} />}
        {loot.tables.map((table, place) => (
          <Table key={table.name} table={table} pairs={place < 2 ? pairs : []} side={place === 0 ? 0 : 1} />
        ))}
      </div>
    </div>
  );
}

interface TableProps {
  table: LootTable;
  pairs: Pair[];
  side: 0 | 1;
}

function Table({ table, pairs, side }: TableProps) {
  const paired = pairs.length > 0;
  const count = `${figure(table.total)} ${table.total === 1 ? "row" : "rows"}`;
  const some = table.rows.length < table.total ? `${table.rows.length} of ${count}` : count;
  return (
    <figure class="loot-table">
      <figcaption>
        <code>{table.name}</code> <span class="loot-rows">{some}</span>
        {table.note && <span class="loot-note">{table.note}</span>}
      </figcaption>
      {table.rows.length > 0 && (
        <div class="loot-scroll" tabIndex={0} role="group" aria-label={`Rows of ${table.name}`}>
          {/* The roles stand here for where the rows are laid out as cards, and the browser forgets them. */}
          <table role="table">
            <thead role="rowgroup">
              <tr role="row">
                {paired && (
                  <th scope="col" role="columnheader">
                    <span class="aside">Pair</span>
                  </th>
                )}
                {table.columns.map((column) => (
                  <th key={column} scope="col" role="columnheader">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody role="rowgroup">
              {table.rows.map((row, place) => {
                const pair = pairs.find(({ rows }) => rows[side] === place);
                return (
                  <tr key={place} role="row" data-own={pair?.own} data-pair={pair && `${side}-${place}`}>
                    {paired && (
                      <td class="loot-letter" role="cell" data-column="pair">
                        {pair?.letter}
                      </td>
                    )}
                    {row.map((cell, column) => (
                      <Cell key={column} column={table.columns[column] ?? ""} cell={cell} whole={pair?.own === true} />
                    ))}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </figure>
  );
}

function Cell({ column, cell, whole }: { column: string; cell: string; whole: boolean }) {
  const { text, note } = shortened(cell);
  const long = !note && cell.length > LONG;
  // Long cells stay on one line and are cut short, so that the pairs can be taken in at a glance.
  const kind = note ? "loot-bytes" : long ? (whole ? "loot-whole" : "loot-long") : undefined;
  return (
    <td class={kind} role="cell" data-column={column} title={long && !whole ? cell : undefined}>
      {text && (
        <span>
          {long && whole ? <Whole text={cell} /> : text}
          {note && <small> {note}</small>}
        </span>
      )}
    </td>
  );
}

/** A long cell of the person looked for. JSON has no spaces to break at: it may break behind its commas. */
function Whole({ text }: { text: string }) {
  const parts = text.split(/(?<=,)/);
  return (
    <>
      {parts.map((part, place) => (
        <Fragment key={place}>
          {place > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </>
  );
}

function Lines({ lines, room }: { lines: Line[]; room: number }) {
  const path = (line: Line, lane: number) => {
    const x = room - 3 - (lane + 1) * LANE;
    return `M${room} ${line.from} H${x + 4} Q${x} ${line.from} ${x} ${line.from + 4} V${line.to - 4} Q${x} ${line.to} ${x + 4} ${line.to} H${room}`;
  };
  const drawn = lines.map((line, lane) => ({ line, shape: path(line, lane) }));
  drawn.sort((one, other) => Number(one.line.own) - Number(other.line.own)); // the strong one on top
  return (
    <svg class="loot-lines" width={room} aria-hidden="true">
      {drawn.map(({ line, shape }) => (
        <path key={line.letter} d={shape} data-own={line.own} />
      ))}
    </svg>
  );
}

/** Where the lines begin and end: measured, since comments wrap, and again whenever the width changes. */
function useLines(frame: { current: HTMLDivElement | null }, pairs: Pair[]): Line[] {
  const [lines, draw] = useState<Line[]>([]);
  useLayoutEffect(() => {
    const box = frame.current;
    if (!box || pairs.length === 0) return;
    const measure = () => {
      const top = box.getBoundingClientRect().top;
      const middle = (name: string) => {
        const row = box.querySelector(`[data-pair="${name}"]`)?.getBoundingClientRect();
        return row ? row.top - top + Math.min(row.height / 2, FIRST_LINE) : null;
      };
      draw(
        pairs.flatMap((pair) => {
          const ends = [middle(`0-${pair.rows[0]}`), middle(`1-${pair.rows[1]}`)];
          const [from, to] = ends;
          return typeof from === "number" && typeof to === "number" ? [{ ...pair, from, to }] : [];
        }),
      );
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(box);
    return () => watch.disconnect();
  }, [JSON.stringify(pairs)]);
  return lines;
}

function pairsOf(loot: Loot): Pair[] {
  return (loot.pairs ?? []).map((rows, place) => ({
    rows,
    own: place === loot.own,
    letter: String.fromCharCode(65 + (place % 26)),
  }));
}
