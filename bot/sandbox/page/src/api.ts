/** The requests of the page to the server it came from. */

import type { Call, Fault, Json, Outcome, Screen, Theft, Workspace } from "./types";

/** Why a request did not come to anything, in the server's own sentence. */
export class ApiError extends Error {
  /** status: of HTTP; 0 when the server did not answer at all. */
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** A fault to arm: what is left out takes the server's own value. */
export type NewFault = Partial<Fault> & { kind: string };

async function call<T>(verb: string, path: string, body?: Json | object): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method: verb,
      // Also on requests without a body: the server takes no change that another site's page could send.
      headers: { "Content-Type": "application/json" },
      ...(verb === "GET" ? {} : { body: JSON.stringify(body ?? {}) }),
    });
  } catch {
    throw new ApiError("The stand-in Slack does not answer.", 0);
  }
  const said = await answer.json().catch(() => null);
  if (!answer.ok) {
    throw new ApiError(said?.error ?? `The stand-in Slack answered with ${answer.status}.`, answer.status);
  }
  return said as T;
}

const get = <T>(path: string) => call<T>("GET", path);
const post = <T>(path: string, body?: object) => call<T>("POST", path, body);
const act = (person: string, what: string, body?: object) =>
  post<Outcome>(`/control/people/${encodeURIComponent(person)}/${what}`, body);
const query = (wishes: Record<string, string | number>) =>
  new URLSearchParams(Object.entries(wishes).map(([name, value]) => [name, String(value)])).toString();

export const api = {
  /** Who and what there is. */
  workspace: () => get<Workspace>("/control/workspace"),

  /** What a person sees, with the messages of one place; "" for the app's own. */
  screen: (person: string, channel: string) =>
    get<Screen>(`/page/people/${encodeURIComponent(person)}/screen?${query({ channel })}`),

  /** Marks a place as read. */
  read: (person: string, channel: string) =>
    post<Json>(`/page/people/${encodeURIComponent(person)}/read`, { channel }),

  /** Presses a button. where: "view", "home" or the ts of a message; choice: of an overflow menu. */
  press: (person: string, where: string, block_id: string, action_id: string, choice?: string) =>
    act(person, "press", { where, block_id, action_id, ...(choice === undefined ? {} : { choice }) }),

  /** Fills in, chooses or picks. */
  enter: (person: string, where: string, block_id: string, action_id: string, value: unknown) =>
    act(person, "enter", { where, block_id, action_id, value }),

  /** Sends the window in front. */
  submit: (person: string) => act(person, "submit"),

  /** Closes the window in front, or all. */
  close: (person: string, everything = false) => act(person, "close", { everything }),

  /** Types a slash command. */
  command: (person: string, line: string, channel: string) => act(person, "command", { line, channel }),

  /** Writes a message. */
  say: (person: string, text: string, channel: string) => act(person, "say", { text, channel }),

  /** Opens the app's Home. */
  home: (person: string) => act(person, "home"),

  /** The calls of the app after the one with this number. */
  calls: (after: number) => get<Call[]>(`/control/calls?${query({ after })}`),

  faults: () => get<Fault[]>("/control/faults"),
  arm: (fault: NewFault) => post<Fault[]>("/control/faults", fault),
  clearFaults: () => call<Fault[]>("DELETE", "/control/faults"),
  dropSockets: () => post<Json>("/control/sockets/drop"),

  /** What a thief of the databases would find now. */
  theft: (keys: boolean) => get<Theft>(keys ? "/demo/theft?keys" : "/demo/theft"),

  /** Does a step of the guide, or skips it; leaps to another moment. The scene tells how it goes. */
  step: (id: string) => post<Json>(`/demo/steps/${encodeURIComponent(id)}`),
  skip: (id: string) => post<Json>(`/demo/steps/${encodeURIComponent(id)}/skip`),
  jump: (id: string) => post<Json>(`/demo/jumps/${encodeURIComponent(id)}`),
};
