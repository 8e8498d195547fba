/** The stand-in Slack itself: places, a conversation, and the app's windows in front of them. */

import { useEffect, useRef } from "preact/hooks";
import { api } from "../api";
import { ModalStack } from "../blocks/ModalStack";
import type { Acts } from "../store/acts";
import { useVisible } from "../store/narrow";
import type { Screen, Workspace } from "../types";
import { Conversation } from "./Conversation";
import type { Target } from "./scrolling";
import { Sidebar } from "./Sidebar";

interface Props {
  workspace: Workspace;
  screen: Screen;
  home: boolean;
  list: boolean; // the list of places, where there is room for one thing only
  narrow: boolean;
  now: Date;
  target: Target | null;
  trouble: string;
  acts: Acts;
  onGo(place: string): void;
  onList(): void;
  onForget(): void;
}

export function SlackWindow(props: Props) {
  const { workspace, screen, home, narrow, acts, onGo } = props;
  const list = narrow && props.list;
  const visible = useVisible();
  const looking = visible && !home && !list;
  const unread = screen.places.find((place) => place.id === screen.channel)?.unread ?? 0;
  useEffect(() => {
    if (looking && unread > 0) api.read(screen.person.id, screen.channel).catch(() => {});
  }, [looking, unread, screen]);

  const frame = useRef<HTMLElement>(null);
  const turned = useRef(list);
  useEffect(() => {
    // Where one thing takes the place of another, the focus goes with it.
    if (turned.current === list) return;
    turned.current = list;
    if (document.activeElement !== document.body) return;
    frame.current?.querySelector<HTMLElement>(list ? ".place" : ".head-back")?.focus();
  }, [list]);

  const covered = screen.views.length > 0;
  return (
    <main
      class={narrow ? "slack slack-narrow" : "slack"}
      id="slack"
      ref={frame}
      tabIndex={-1}
      aria-label="The stand-in Slack"
    >
      <div class="slack-ground" inert={covered}>
        {(list || !narrow) && (
          <Sidebar
            workspace={workspace}
            places={screen.places}
            current={list ? "" : home ? "home" : screen.channel}
            onGo={onGo}
          />
        )}
        {!list && (
          <Conversation
            {...props}
            looking={looking}
            trouble={covered ? "" : props.trouble}
            onBack={props.onList}
          />
        )}
      </div>
      <ModalStack
        views={screen.views}
        workspace={workspace}
        viewer={screen.person}
        trouble={covered ? props.trouble : ""}
        onPress={(block_id, action_id, choice) => acts.press("view", block_id, action_id, choice)}
        onEnter={(block_id, action_id, value) => acts.enter("view", block_id, action_id, value)}
        onSubmit={acts.submit}
        onClose={acts.close}
      />
    </main>
  );
}
