/** Whose eyes the page looks through: a combobox that finds anybody by name, title or team. */

import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Person } from "../types";
import { Avatar } from "./Avatar";
import { DownIcon } from "./Icons";

const STORY = ["U0PRIYA", "U0DANA", "U0SAM", "U0RUTH"]; // whom the guide tells of

interface Props {
  people: Person[];
  current: Person | undefined;
  unread: Record<string, number>;
  onChoose(person: string): void;
}

/** Those whom one may be: no apps, nobody who has left. */
export function alive(people: Person[]): Person[] {
  return people.filter((one) => !one.is_bot && !one.deleted);
}

/** Who comes first: those of the story where they are, else the admins and the first person of the file. */
export function featured(people: Person[]): Person[] {
  const all = alive(people);
  const told = STORY.flatMap((id) => all.filter((one) => one.id === id));
  return told.length ? told : all.filter((one, place) => one.is_admin || place === 0).slice(0, 4);
}

export function PersonSwitch({ people, current, unread, onChoose }: Props) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState<string | null>(null); // what is searched for; null before anything is typed
  const [active, setActive] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const { first, rest } = found(people, text ?? "");
  const options = [...first, ...rest];
  const chosen = options[Math.min(active, options.length - 1)];

  const show = () => {
    if (open) return;
    setText(null);
    const at = current ? first.findIndex((one) => one.id === current.id) : 0;
    setActive(Math.max(0, at));
    setOpen(true);
  };
  const hide = () => {
    setOpen(false);
    setText(null);
  };
  const choose = (person: Person) => {
    hide();
    field.current?.select();
    if (person.id !== current?.id) onChoose(person.id);
  };
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [chosen, open]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const count = options.length;
    if (step) {
      event.preventDefault();
      if (!open) show();
      else if (count) setActive((Math.min(active, count - 1) + step + count) % count);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      hide();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (open && chosen) choose(chosen);
      else show();
    }
  };
  const option = (person: Person) => (
    <Option
      key={person.id}
      id={`${id}-${person.id}`}
      person={person}
      unread={unread[person.id] ?? 0}
      active={person === chosen}
      onChoose={() => choose(person)}
    />
  );
  return (
    <div class="switch">
      <label class="switch-label" for={`${id}-field`}>
        You are
      </label>
      <div class="switch-field" onClick={() => field.current?.focus()}>
        {current && <Avatar id={current.id} name={current.real_name} size={24} />}
        <input
          id={`${id}-field`}
          ref={field}
          type="text"
          role="combobox"
          aria-expanded={open}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={open && chosen ? `${id}-${chosen.id}` : undefined}
          autocomplete="off"
          spellcheck={false}
          value={text ?? current?.real_name ?? ""}
          onClick={(event) => {
            event.currentTarget.select();
            show();
          }}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setActive(0);
            setOpen(true);
          }}
          onKeyDown={onKeyDown}
          onBlur={hide}
        />
        <DownIcon />
      </div>
      <div
        class="switch-list"
        id={`${id}-list`}
        role="listbox"
        aria-label="People"
        hidden={!open}
        ref={list}
        // The pointer must not take the focus from the field.
        onMouseDown={(event) => event.preventDefault()}
      >
        {first.length > 0 && (
          <div role="group" aria-label="In the story">
            {first.map(option)}
          </div>
        )}
        {rest.length > 0 && (
          <div role="group" aria-label="Everybody else">
            {rest.map(option)}
          </div>
        )}
        {options.length === 0 && (
          <p class="switch-none" role="option" aria-disabled="true" aria-selected="false">
            Nobody here is called that.
          </p>
        )}
      </div>
    </div>
  );
}

/** "Research engineer · Vision": what they are and where, as far as that is known, and nothing twice. */
function doing({ title, team, role, is_admin }: Person): string {
  const what = title || (role && role !== "member" ? role : is_admin ? "admin" : "");
  const named = ` ${what.replace(/[^\p{L}\p{N}]+/gu, " ")} `.includes(` ${team} `); // "Director of AI" leads AI
  return [what, named ? "" : team].filter(Boolean).join(" · ");
}

function found(people: Person[], text: string): { first: Person[]; rest: Person[] } {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const fits = (person: Person) => {
    const told = `${person.real_name} ${doing(person)} ${person.id}`.toLocaleLowerCase();
    return words.every((word) => told.includes(word));
  };
  const story = featured(people);
  const rest = alive(people).filter((one) => !story.includes(one));
  rest.sort((a, b) => a.real_name.localeCompare(b.real_name, "en"));
  return { first: story.filter(fits), rest: rest.filter(fits) };
}

interface OptionProps {
  id: string;
  person: Person;
  unread: number;
  active: boolean;
  onChoose(): void;
}

function Option({ id, person, unread, active, onChoose }: OptionProps) {
  return (
    <div class="switch-option" id={id} role="option" aria-selected={active} onClick={onChoose}>
      <Avatar id={person.id} name={person.real_name} size={28} />
      <span class="switch-who">
        <span class="switch-name">{person.real_name}</span>
        <span class="switch-title">{doing(person)}</span>
      </span>
      {unread > 0 && (
        <span class="switch-unread" title="Something new from the app">
          <span class="aside">unread</span>
        </span>
      )}
    </div>
  );
}
