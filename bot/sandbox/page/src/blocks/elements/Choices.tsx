/** Radio buttons and checkboxes, as the browser has them: arrow keys and all. */

import { useAround, type Slot } from "../around";
import { useField } from "../field";
import { several, single } from "../states";
import { InlineWords, hasWords } from "../text/Words";

interface Option {
  text: unknown;
  value: string;
  description?: unknown;
}

/** Slack has no way to take back a choice among radio buttons, so there is none here. */
export function Radios({ slot }: { slot: Slot }) {
  const { value, enter } = useField(slot);
  const chosen = single(value);
  return <Group slot={slot} kind="radio" isChosen={(one) => one === chosen} onToggle={(one) => enter(one)} />;
}

export function Checkboxes({ slot }: { slot: Slot }) {
  const { value, enter } = useField(slot);
  const chosen = several(value);
  const toggle = (one: string, on: boolean) => {
    const options = (slot.element.options ?? []) as Option[];
    // In the order of the form, however they were ticked.
    enter(options.map((option) => option.value).filter((each) => (each === one ? on : chosen.includes(each))));
  };
  return <Group slot={slot} kind="checkbox" isChosen={(one) => chosen.includes(one)} onToggle={toggle} />;
}

interface GroupProps {
  slot: Slot;
  kind: "radio" | "checkbox";
  isChosen(value: string): boolean;
  onToggle(value: string, on: boolean): void;
}

function Group({ slot, kind, isChosen, onToggle }: GroupProps) {
  const { disabled } = useAround();
  const options = (slot.element.options ?? []) as Option[];
  return (
    <div
      class="bk-choices"
      role={slot.block.type === "input" ? undefined : kind === "radio" ? "radiogroup" : "group"} // else a <fieldset> is
      aria-labelledby={slot.labelledBy}
      aria-label={slot.named ? undefined : "Choices"}
      data-focus={slot.element.focus_on_load || undefined}
    >
      {options.map((option, number) => {
        const id = `${slot.id}-${number}`;
        const described = hasWords(option.description);
        return (
          <div key={option.value} class="bk-choice">
            <input
              type={kind}
              id={id}
              name={slot.id}
              value={option.value}
              checked={isChosen(option.value)}
              disabled={disabled}
              aria-describedby={described ? `${id}-more` : undefined}
              aria-invalid={slot.wrong || undefined}
              onChange={(event) => onToggle(option.value, event.currentTarget.checked)}
            />
            <label for={id}>
              <InlineWords of={option.text} />
            </label>
            {described && (
              <div class="bk-choice-more" id={`${id}-more`}>
                <InlineWords of={option.description} />
              </div>
            )}
          </div>
        );
      })}
    </div>
  );
}
