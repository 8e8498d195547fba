/** What a person enters on its way to the server: typing is gathered, nothing overtakes, nothing is lost. */

import type { Outcome } from "../types";

/** What a field holds, as the server takes it: an option, id, text or date; several; null for nothing. */
export type Wire = string | number | string[] | null;

export type When = "now" | "soon" | "later";

export type Send = (blockId: string, actionId: string, value: Wire) => Promise<Outcome>;

interface Way {
  blockId: string;
  actionId: string;
  next: { value: Wire } | null; // not sent yet
  timer: ReturnType<typeof setTimeout> | undefined;
  flight: Promise<void> | null;
  trouble: string; // why the last one did not arrive
  arrived: () => void;
}

const TYPING = 300; // ms of rest after which typing is told

/** The entries of one surface: a message, a window or Home. */
export class Entries {
  private readonly ways = new Map<string, Way>();
  used = false; // whether anything was entered here, by whoever sits before this page

  constructor(public send: Send) {}

  /** Notes what a field now holds, and sends it: now, after a rest in typing, or later, when the field is left. */
  put(blockId: string, actionId: string, value: Wire, when: When): void {
    const way = this.way(blockId, actionId);
    this.used = true;
    way.next = { value };
    clearTimeout(way.timer);
    if (when === "now") void this.go(way);
    if (when === "soon") way.timer = setTimeout(() => void this.go(way), TYPING);
  }

  /** Calls back whenever everything of this field has arrived. Returns how to stop that. */
  follow(blockId: string, actionId: string, arrived: () => void): () => void {
    const way = this.way(blockId, actionId);
    way.arrived = arrived;
    return () => (way.arrived = () => {});
  }

  /** Whether something of this field has not arrived yet. */
  pending(blockId: string, actionId: string): boolean {
    const way = this.ways.get(keyOf(blockId, actionId));
    return !!way && (!!way.next || !!way.flight);
  }

  /** Sends what a field has not told yet. */
  flush(blockId: string, actionId: string): Promise<void> {
    const way = this.ways.get(keyOf(blockId, actionId));
    return way ? this.go(way) : Promise.resolve();
  }

  /** Sends everything and waits for it. Returns why something did not arrive, "" when all did. */
  async settle(): Promise<string> {
    const ways = [...this.ways.values()];
    await Promise.all(ways.map((way) => this.go(way)));
    return ways.find((way) => way.trouble)?.trouble ?? "";
  }

  /** Forgets a field that is gone. */
  drop(blockId: string, actionId: string): void {
    const key = keyOf(blockId, actionId);
    const way = this.ways.get(key);
    if (!way) return;
    clearTimeout(way.timer);
    way.next = null;
    this.ways.delete(key);
  }

  private way(blockId: string, actionId: string): Way {
    const key = keyOf(blockId, actionId);
    let way = this.ways.get(key);
    if (!way) {
      way = { blockId, actionId, next: null, timer: undefined, flight: null, trouble: "", arrived: () => {} };
      this.ways.set(key, way);
    }
    return way;
  }

  private go(way: Way): Promise<void> {
    clearTimeout(way.timer);
    if (!way.flight && !way.next) return Promise.resolve();
    // One at a time a field: what was entered last also arrives last.
    way.flight ??= this.fly(way).finally(() => {
      way.flight = null;
      way.arrived();
    });
    return way.flight;
  }

  private async fly(way: Way): Promise<void> {
    while (way.next) {
      const { value } = way.next;
      way.next = null;
      way.trouble = await this.attempt(way, value);
      if (way.trouble) {
        way.next ??= { value }; // tried again before the form is sent
        return;
      }
    }
  }

  private async attempt(way: Way, value: Wire): Promise<string> {
    try {
      const outcome = await this.send(way.blockId, way.actionId, value);
      // Once the app was told, the entry stands, whatever the app made of it.
      return outcome.sent ? "" : outcome.trouble;
    } catch (wrong) {
      return wrong instanceof Error ? wrong.message : String(wrong);
    }
  }
}

function keyOf(blockId: string, actionId: string): string {
  return JSON.stringify([blockId, actionId]);
}
