/** What a person does on the page, and what Slack says when it does not work. */

import { useMemo, useState } from "preact/hooks";
import { api } from "../api";
import type { Outcome, Screen } from "../types";

export interface Acts {
  press(where: string, block_id: string, action_id: string, choice?: string): Promise<Outcome>;
  enter(where: string, block_id: string, action_id: string, value: unknown): Promise<Outcome>;
  submit(): Promise<Outcome>;
  close(everything: boolean): Promise<Outcome>;
  write(line: string, channel: string): Promise<Outcome>;
  openHome(): Promise<Outcome>;
}

/** The acts of one person, and what is wrong. None of the acts fails: what went wrong is in the outcome.

    screen: what the person sees; Slack's own trouble stands there too, also of acts that the guide did for them.
 */
export function useActs(screen: Screen | null, refresh: () => Promise<void>) {
  const person = screen?.person.id ?? "";
  const [failed, setFailed] = useState({ person: "", text: "" });
  const [hushed, setHushed] = useState("");
  const acts = useMemo<Acts>(() => {
    const attempt = async (act: () => Promise<Outcome>): Promise<Outcome> => {
      setFailed({ person, text: "" });
      setHushed("");
      let outcome: Outcome;
      try {
        outcome = await act();
      } catch (wrong) {
        const text = wrong instanceof Error ? wrong.message : String(wrong);
        outcome = { sent: false, acked: false, trouble: text, errors: {} };
      }
      if (outcome.trouble) setFailed({ person, text: outcome.trouble });
      await refresh();
      return outcome;
    };
    return {
      press: (where, block_id, action_id, choice) =>
        attempt(() => api.press(person, where, block_id, action_id, choice)),
      enter: (where, block_id, action_id, value) =>
        attempt(() => api.enter(person, where, block_id, action_id, value)),
      submit: () => attempt(() => api.submit(person)),
      close: (everything) => attempt(() => api.close(person, everything)),
      // Slack takes any line that begins with a slash for a command, known or not.
      write: (line, channel) =>
        attempt(() => (line.startsWith("/") ? api.command(person, line, channel) : api.say(person, line, channel))),
      openHome: () => attempt(() => api.home(person)),
    };
  }, [person, refresh]);
  const said = screen?.trouble ?? "";
  const trouble = (failed.person === person && failed.text) || (said === hushed ? "" : said);
  const hush = () => {
    setFailed({ person, text: "" });
    setHushed(said);
  };
  return { acts, trouble, hush };
}
