/** The line to write in. What begins with a slash is completed from the app's commands. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Command, Outcome } from "../types";
import { SendIcon } from "./Icons";

interface Props {
  draft: string; // the key under which what is typed is kept: one a person and place
  label: string; // "Message #vision"
  commands: Command[];
  wanted: { current: boolean }; // whether to begin with the focus, once
  onWrite(line: string): Promise<Outcome>;
}

const drafts = new Map<string, string>();

export function Composer({ draft, label, commands, wanted, onWrite }: Props) {
  const [text, setText] = useState(drafts.get(draft) ?? "");
  const [active, setActive] = useState(0);
  const [shut, setShut] = useState(false); // whether completion was sent away for this text
  const field = useRef<HTMLTextAreaElement>(null);
  const shown = useRef(draft);
  shown.current = draft;
  const options = shut ? [] : completions(text, commands);
  const chosen = options[Math.min(active, options.length - 1)];

  const write = (value: string) => {
    drafts.set(draft, value);
    setText(value);
    setActive(0);
    setShut(false);
  };
  useEffect(() => {
    setText(drafts.get(draft) ?? "");
    setActive(0);
  }, [draft]);
  useEffect(() => {
    if (wanted.current) field.current?.focus();
    wanted.current = false;
  }, []);
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [text]);

  const send = () => {
    const line = text.trim();
    if (!line) return;
    write("");
    void onWrite(line).then((outcome) => {
      // What was not taken comes back, unless something else is being written by now.
      if (outcome.sent || !outcome.trouble || drafts.get(draft)) return;
      drafts.set(draft, line);
      if (shown.current === draft) setText(line);
    });
  };
  const complete = (command: Command) => {
    write(command.line);
    setShut(true);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step && options.length) {
      event.preventDefault();
      setActive((Math.min(active, options.length - 1) + step + options.length) % options.length);
    } else if (event.key === "Escape" && options.length) {
      event.preventDefault();
      setShut(true);
    } else if (event.key === "Tab" && !event.shiftKey && chosen && chosen.line !== text.trim()) {
      event.preventDefault();
      complete(chosen);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (chosen && chosen.line !== text.trim()) complete(chosen);
      else send();
    }
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {options.length > 0 && <Completions options={options} chosen={chosen} onChoose={complete} />}
      <textarea
        ref={field}
        rows={1}
        value={text}
        placeholder={label}
        aria-label={label}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={options.length ? "completions" : undefined}
        aria-activedescendant={chosen && `completion-${options.indexOf(chosen)}`}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <button type="submit" class="composer-send" aria-label="Send" disabled={!text.trim()}>
        <SendIcon />
      </button>
      <p class="aside" role="status">
        {options.length > 0 && `${options.length} ${options.length === 1 ? "command" : "commands"}`}
      </p>
    </form>
  );
}

function completions(text: string, commands: Command[]): Command[] {
  const typed = text.toLowerCase();
  if (!typed.startsWith("/") || typed.includes("\n")) return [];
  return commands.filter(({ line }) => line.toLowerCase().startsWith(typed.trimEnd()));
}

interface ListProps {
  options: Command[];
  chosen: Command | undefined;
  onChoose(command: Command): void;
}

function Completions({ options, chosen, onChoose }: ListProps) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <ul class="completions" id="completions" role="listbox" aria-label="Commands" ref={list}>
      {options.map((option, place) => (
        <li
          key={option.line}
          id={`completion-${place}`}
          role="option"
          aria-selected={option === chosen}
          // The pointer must not take the focus from the field.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(option)}
        >
          <span class="completion-line">{option.line}</span>
          <span class="completion-hint">{option.hint}</span>
        </li>
      ))}
    </ul>
  );
}
