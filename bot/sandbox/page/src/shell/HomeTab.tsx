/** The app's Home, as it shows it to one person. */

import { useEffect, useMemo, useState } from "preact/hooks";
import { Blocks } from "../blocks/Blocks";
import type { Acts } from "../store/acts";
import type { Screen, Workspace } from "../types";

interface Props {
  workspace: Workspace;
  screen: Screen;
  acts: Acts;
}

export function HomeTab({ workspace, screen, acts }: Props) {
  const [opened, setOpened] = useState(false);
  const { person, home } = screen;
  useEffect(() => {
    // Slack tells the app whenever somebody comes here.
    setOpened(false);
    acts.openHome().then(() => setOpened(true));
  }, [acts]);
  const body = useMemo(
    () =>
      home && (
        <Blocks
          surface="home"
          blocks={home.blocks}
          values={home.values}
          errors={home.errors_by_block}
          workspace={workspace}
          viewer={person}
          onPress={(block_id, action_id, choice) => acts.press("home", block_id, action_id, choice)}
          onEnter={(block_id, action_id, value) => acts.enter("home", block_id, action_id, value)}
        />
      ),
    [home, workspace, person, acts],
  );
  return (
    <div class="home" tabIndex={0} role="region" aria-label="Home">
      <div class="home-content">
        {body ?? (
          <p class="messages-none">
            {opened
              ? `${workspace.app.name} shows ${person.real_name} nothing here so far.`
              : `Asking ${workspace.app.name} for the Home of ${person.real_name}.`}
          </p>
        )}
      </div>
    </div>
  );
}
