/** What lies in a file, as it is shown: long runs of bytes shortened, all else untouched. */

export interface Shown {
  text: string;
  note: string; // how long the run of bytes is, "" for other cells
}

const HEX = /^(?:0x|\\x|x')?((?:[0-9a-f]{2}){12,})'?$/i;
const HEAD = 8;
const TAIL = 4;

/** Shortens a cell that holds bytes in hex: "9f3a1c04…77be", "16 bytes". */
export function shortened(cell: string): Shown {
  const digits = HEX.exec(cell.trim())?.[1];
  // A long decimal number is not a run of bytes.
  if (!digits || /^\d{1,31}$/.test(digits)) return { text: cell, note: "" };
  return {
    text: `${digits.slice(0, HEAD)}…${digits.slice(-TAIL)}`,
    note: `${(digits.length / 2).toLocaleString("en-GB")} bytes`,
  };
}

/** 1240 as "1,240". */
export function figure(count: number): string {
  return count.toLocaleString("en-GB");
}
