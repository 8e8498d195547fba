/** Tables: plain ones, and those with data, which come page by page. */

import { useState } from "preact/hooks";
import type { Block } from "../../types";
import { RichText } from "./RichText";
import { unescaped } from "../text/entities";
import { WithEmoji } from "../text/Mrkdwn";

interface Cell {
  type: string;
  text?: string;
  [key: string]: any;
}
interface Column {
  align?: "left" | "center" | "right";
  is_wrapped?: boolean;
}

export function Table({ block }: { block: Block }) {
  const rows = (block.rows ?? []) as Cell[][];
  return <Grid rows={rows} columns={(block.column_settings ?? []) as Column[]} label="Table" />;
}

export function DataTable({ block }: { block: Block }) {
  const [header, ...rows] = (block.rows ?? []) as Cell[][];
  const size = Number(block.page_size) || rows.length || 1;
  const pages = Math.ceil(rows.length / size);
  const [wanted, setPage] = useState(0);
  const page = Math.min(wanted, Math.max(0, pages - 1));
  const caption = unescaped(String(block.caption ?? ""));
  const shown = [...(header ? [header] : []), ...rows.slice(page * size, (page + 1) * size)];
  return (
    <div>
      <Grid rows={shown} columns={[]} label={caption} caption={caption} named={block.row_header_column_index} />
      {pages > 1 && (
        <div class="bk-pages" role="group" aria-label={`Pages of ${caption || "the table"}`}>
          <button type="button" class="bk-button" disabled={page === 0} onClick={() => setPage(page - 1)}>
            Back
          </button>
          <span role="status">
            {page * size + 1} to {Math.min(rows.length, (page + 1) * size)} of {rows.length}
          </span>
          <button type="button" class="bk-button" disabled={page === pages - 1} onClick={() => setPage(page + 1)}>
            Next
          </button>
        </div>
      )}
    </div>
  );
}

interface GridProps {
  rows: Cell[][];
  columns: Column[];
  label: string;
  caption?: string;
  named?: number; // the column that names its row
}

function Grid({ rows, columns, label, caption, named }: GridProps) {
  const [header = [], ...body] = rows;
  const style = (cell: Cell, column: number) => ({
    textAlign: columns[column]?.align ?? (cell.type === "raw_number" ? ("right" as const) : undefined),
    whiteSpace: columns[column]?.is_wrapped ? "normal" : undefined,
  });
  // A header stands over its numbers, on their side.
  const over = (cell: Cell, column: number) => style(body[0]?.[column] ?? cell, column);
  return (
    // It scrolls sideways where it is wide, also by keyboard.
    <div class="bk-table-place" role="region" aria-label={label} tabIndex={0}>
      <table class="bk-table">
        {caption && <caption>{caption}</caption>}
        <thead>
          <tr>
            {header.map((cell, column) => (
              <th key={column} scope="col" style={over(cell, column)}>
                <CellOf cell={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, number) => (
            <tr key={number}>
              {row.map((cell, column) =>
                column === named ? (
                  <th key={column} scope="row" style={style(cell, column)}>
                    <CellOf cell={cell} />
                  </th>
                ) : (
                  <td key={column} style={style(cell, column)}>
                    <CellOf cell={cell} />
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CellOf({ cell }: { cell: Cell }) {
  if (cell.type === "rich_text") return <RichText block={cell} />;
  return <WithEmoji text={unescaped(String(cell.text ?? cell.value ?? ""))} />;
}
