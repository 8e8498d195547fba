/** Above the stand-in Slack: what this is, when it is, and whose eyes it is seen with. */

import type { ComponentChildren } from "preact";
import type { Scene, Workspace } from "../types";
import { CallsIcon, MoonIcon, MurmurMark, PhoneIcon, SunIcon } from "./Icons";
import { PersonSwitch } from "./PersonSwitch";

interface Props {
  workspace: Workspace | null;
  scene: Scene | null;
  person: string;
  theme: "light" | "dark";
  phone: boolean;
  phoneable: boolean; // whether there is room for a phone to be drawn
  inspecting: boolean;
  clock: ComponentChildren;
  onPerson(person: string): void;
  onTheme(): void;
  onPhone(): void;
  onInspect(): void;
}

export function TopBar(props: Props) {
  const { workspace, scene, theme } = props;
  return (
    <header class="top">
      <div class="top-what">
        <MurmurMark size={26} />
        <div>
          <h1>Murmur</h1>
          <p>
            A rehearsal on this machine. <span class="top-more">Nobody real is asked anything.</span>
          </p>
        </div>
      </div>
      {props.clock && <div class="top-clock">{props.clock}</div>}
      <div class="top-tools">
        {workspace && (
          <PersonSwitch
            people={workspace.people}
            current={workspace.people.find((one) => one.id === props.person)}
            unread={scene?.unread ?? {}}
            onChoose={props.onPerson}
          />
        )}
        <Tool label={theme === "dark" ? "Light colours" : "Dark colours"} onClick={props.onTheme}>
          {theme === "dark" ? <SunIcon /> : <MoonIcon />}
        </Tool>
        {props.phoneable && (
          <Tool label="As on a phone" pressed={props.phone} onClick={props.onPhone}>
            <PhoneIcon />
          </Tool>
        )}
        <Tool label="What the app asks of Slack" pressed={props.inspecting} onClick={props.onInspect}>
          <CallsIcon />
        </Tool>
      </div>
    </header>
  );
}

interface ToolProps {
  label: string;
  pressed?: boolean;
  children: ComponentChildren;
  onClick(): void;
}

function Tool({ label, pressed, children, onClick }: ToolProps) {
  return (
    <button type="button" class="tool" aria-label={label} title={label} aria-pressed={pressed} onClick={onClick}>
      {children}
    </button>
  );
}
