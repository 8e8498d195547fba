/** What became of a call, in words. */

import type { Call, Fault } from "../types";

/** "98 left in this burst", "wait 3 s", "no limit"; "" where the call met no limit at all. */
export function limitWords({ limit, fault, verdict }: Call): string {
  const { remaining, retry_after: wait } = limit;
  if (typeof wait === "number" && wait > 0) return `wait ${wait} s`;
  // Refused by a fault, not by the limit: how much would be left says nothing then.
  if (verdict === "ratelimited" && fault) return "told to wait";
  if (limit.limit === "lifted") return "limits lifted for the leap";
  if (typeof remaining !== "number") return "";
  return remaining < 0 ? "no limit" : `${remaining} left in this burst`;
}

/** What was answered, for the badge. */
export function verdictWords({ verdict, http_status: status }: Call): string {
  if (status === 0) return verdict === "ok" ? "done, not answered" : `${verdict}, not answered`;
  return verdict === "500" ? "HTTP 500" : verdict;
}

/** Whether something went wrong with it. */
export function wentWrong({ verdict, http_status: status }: Call): boolean {
  return verdict !== "ok" || status !== 200;
}

const STRUCK: Record<string, string> = {
  slow: "slowed down by a fault",
  "500": "server error by a fault",
  "429": "refused by a fault",
  error: "refused by a fault",
  "time out after acting": "done, then silence by a fault",
  "hang up after acting": "done, then hung up by a fault",
  "refuse block type": "block refused by a fault",
};

/** The fault that struck a call, "" if none did. */
export function faultWords(kind: string): string {
  return kind ? (STRUCK[kind] ?? `fault: ${kind}`) : "";
}

/** "armed, strikes 3 more times", for all faults of one kind together. */
export function armedWords(faults: Fault[]): string {
  if (faults.length === 0) return "";
  if (faults.some((fault) => fault.times === null)) return "armed until cleared";
  const times = faults.reduce((sum, fault) => sum + (fault.times ?? 0), 0);
  return times === 1 ? "armed, strikes once more" : `armed, strikes ${times} more times`;
}
