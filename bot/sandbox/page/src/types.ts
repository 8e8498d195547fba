/** What the server tells the page. Mirrors bot/sandbox/page_api.py, bot/sandbox/seen.py and bot/demo. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Block = { type: string; block_id?: string; [key: string]: any };
export type Element = { type: string; action_id?: string; [key: string]: any };
/** block id -> action id -> the state Slack keeps of an element, as in view.state.values. */
export type Values = Record<string, Record<string, any>>;

export interface Person {
  id: string;
  name: string; // the handle
  real_name: string;
  tz: string; // IANA name
  locale: string;
  title: string;
  team: string; // that they are on or lead, "" where nobody says so
  role: string; // "member", "manager", "leader", "admin", "" where nobody says so
  is_admin: boolean;
  is_bot: boolean;
  deleted: boolean;
}

export interface Channel {
  id: string;
  name: string;
  members: string[];
  is_private: boolean;
  is_archived: boolean;
  topic: string;
}

export interface UserGroup {
  id: string;
  handle: string;
  name: string;
}

/** GET /control/workspace */
export interface Workspace {
  team: { id: string; name: string };
  app: { name: string; bot_user_id: string; commands: Command[] };
  people: Person[];
  channels: Channel[];
  user_groups: UserGroup[];
}

/** A slash command, or a line that completes one. */
export interface Command {
  line: string; // "/pulse setup"
  hint: string; // what it does, in a few words; "" if unknown
}

/** A place in the sidebar. */
export interface Place {
  id: string; // C..., D...
  name: string; // "vision", "Murmur"
  kind: "channel" | "private" | "app";
  unread: number;
  topic: string;
  writable: boolean; // whether there is a line to write in: an app may do without one in its direct message
}

export interface Message {
  channel: string;
  ts: string;
  author: string; // the id of a person or of the bot
  text: string; // raw mrkdwn, what is shown when there are no blocks
  blocks: Block[];
  values: Values; // what this person chose in it
  rendered: string; // as plain text
  notification: string;
  ephemeral: boolean;
  edited: boolean;
}

/** A modal or Home. */
export interface View {
  id: string;
  type: "modal" | "home";
  title: string;
  submit: string; // "" when there is no such button
  close: string;
  blocks: Block[];
  values: Values;
  errors_by_block: Record<string, string>; // block id -> what stands beside the field
  hash: string;
}

/** GET /page/people/{id}/screen?channel=ID */
export interface Screen {
  person: Person;
  places: Place[];
  channel: string;
  messages: Message[]; // of that channel, ephemeral ones among them in their order
  home: View | null;
  views: View[]; // the stack of windows, the one in front last
  trouble: string; // what Slack itself says of the last act, "" when all is well
}

/** One event of GET /page/stream?person=ID (server-sent events). */
export interface Scene {
  now: string; // ISO, UTC
  running: boolean; // whether the clock runs along
  seen: number; // grows whenever what this person sees has changed
  unread: Record<string, number>; // person id -> unread direct messages; people with none are left out
  calls: number; // Slack calls of the app so far
  connections: number; // open sockets of the app
  faults: number; // armed faults
  demo: Demo | null; // null in a bare sandbox
}

export interface Demo {
  phase: "preparing" | "ready" | "busy" | "failed";
  progress: Progress | null; // while preparing or busy
  steps: Step[]; // of the guide; none in a rehearsal
  jumps: Jump[];
  show: Direction | null; // the latest stage direction; follow it when its number is new
  error: string; // what went wrong, in a sentence; "" when nothing did
}

export interface Progress {
  title: string;
  detail: string;
  done: number;
  of: number;
}

export interface Step {
  id: string;
  title: string;
  text: string; // what happens and what to look at, a sentence or two
  button: string;
  after: string; // what to look at once it is done, "" before
  again: string; // label of the button that stays once it is done, "" before
  state: "open" | "busy" | "done" | "skipped";
  begun: boolean; // whether a part of it is done and the rest is not
}

export interface Jump {
  id: string;
  label: string;
}

/** Where the page should look. */
export interface Direction {
  number: number;
  person: string;
  place: string; // a channel or direct message id, or "home"
  message: string; // ts of the message to show from its top, "" for the newest
  phone: boolean; // whether in the phone frame
  panel: "theft" | "";
}

/* Routes of the demo: GET /demo/theft; POST /demo/steps/{id}, /demo/steps/{id}/skip and /demo/jumps/{id} take an order
   and answer at once; the scene tells how it goes. */

/** GET /demo/theft */
export interface Theft {
  taken_at: string; // ISO, virtual time
  attack: string; // what the thief does, in two sentences
  details: string[]; // and how, in paragraphs
  naive: Loot;
  murmur: Loot;
}

export interface Loot {
  name: string; // "A plain bot", "Murmur"
  file: string; // where it lies, and its size: "/tmp/demo/naive.db, 96 kB"
  how: string; // how the attack went here
  tables: LootTable[];
  matched: number; // sets of answers, of one person in one round, that were traced to who gave them
  chance: number; // how many guessing as often traces, at most; 0 where there was nothing to guess from
  traced: boolean; // whether more was traced, of sets or of single answers, than by guessing
  of: number; // sets of answers given
  person: string; // whose answers were looked for
  found: { question: string; answer: string }[]; // that person's latest answers as the thief has them
  comment: string; // and comment
  remark: string; // why that is not the newest form, "" where it is
  keys: number | null; // keys found beside it, null where there are none by design
  pairs?: [number, number][]; // rows of tables[0] and tables[1] that the attack put together, by place in `rows`
  own?: number; // which of the pairs is that person's
}

export interface LootTable {
  name: string;
  columns: string[];
  rows: string[][]; // a few, as they lie there; bytes in hex
  total: number;
  note: string;
}

/** One call of the app: GET /control/calls?after=N */
export interface Call {
  number: number;
  method: string;
  payload: Record<string, Json>;
  verdict: string; // "ok" or Slack's error
  http_status: number; // 0 when the connection was closed without an answer
  at: string;
  limit: { limit?: string; remaining?: number; retry_after?: number; [key: string]: Json | undefined };
  fault: string; // the fault that struck, if one did
  answer: Record<string, Json>;
}

export interface Fault {
  kind: string;
  method: string;
  times: number | null;
  seconds: number;
}

/** What came of an act: POST /control/people/{id}/{act} */
export interface Outcome {
  sent: boolean;
  acked: boolean;
  trouble: string;
  errors: Record<string, string>; // block id -> text
}
