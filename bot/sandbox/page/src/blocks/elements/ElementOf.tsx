/** One interactive element, or an image, by its type. */

import type { Slot } from "../around";
import { isField } from "../states";
import { Button } from "./Button";
import { Checkboxes, Radios } from "./Choices";
import { Menu } from "./Menu";
import { Overflow } from "./Overflow";
import { Picker } from "./Pickers";
import { Picture } from "./Picture";
import { TextInput } from "./TextInput";
import { Unknown } from "../kinds/Unknown";

export function ElementOf({ slot }: { slot: Slot }) {
  const { type } = slot.element;
  if (type === "button" || type === "workflow_button") return <Button slot={slot} />;
  if (type === "overflow") return <Overflow slot={slot} />;
  if (type === "image") return <Picture of={slot.element} small />;
  if (!isField(type)) return <Unknown type={type} />;
  // A field with another name is another field: nothing of the one before stays in it.
  return <FieldOf key={`${slot.blockId} ${slot.actionId} ${type}`} slot={slot} />;
}

function FieldOf({ slot }: { slot: Slot }) {
  switch (slot.element.type) {
    case "radio_buttons":
      return <Radios slot={slot} />;
    case "checkboxes":
      return <Checkboxes slot={slot} />;
    case "datepicker":
    case "timepicker":
    case "datetimepicker":
      return <Picker slot={slot} />;
    case "plain_text_input":
    case "email_text_input":
    case "url_text_input":
    case "number_input":
      return <TextInput slot={slot} />;
    default:
      return <Menu slot={slot} />;
  }
}
