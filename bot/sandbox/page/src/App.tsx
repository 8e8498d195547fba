/** The page: the stage around the stand-in Slack, and what holds them together. */

import { useEffect, useRef } from "preact/hooks";
import { api } from "./api";
import { Lost, Panel, Refused, Stopped } from "./shell/Notices";
import { alive, featured } from "./shell/PersonSwitch";
import { SlackWindow } from "./shell/SlackWindow";
import { TopBar } from "./shell/TopBar";
import { ClockBar } from "./stage/ClockBar";
import { Guide } from "./stage/Guide";
import { Inspector } from "./stage/Inspector";
import { Preparing } from "./stage/Preparing";
import { Theft } from "./stage/Theft";
import { useActs } from "./store/acts";
import { useDirections } from "./store/directions";
import { useNarrow } from "./store/narrow";
import { useOrders } from "./store/orders";
import { useRoute } from "./store/route";
import { useStage } from "./store/scene";
import { useScreen } from "./store/screen";
import { useTheme } from "./store/theme";

export function App() {
  const [route, go] = useRoute();
  const theme = useTheme(route.theme);
  const { workspace, scene, connections, lost } = useStage(route.person);
  const leads = useRef(false);
  const shown = useDirections(scene, go, leads);
  const demo = scene?.demo ?? null;
  const home = route.place === "home";
  const preparing = demo?.phase === "preparing";

  const known = !!workspace && alive(workspace.people).some((one) => one.id === route.person);
  useEffect(() => {
    if (workspace && !known) go({ person: featured(workspace.people)[0]?.id ?? "", place: "" }, "replace");
  }, [workspace, known]);

  const place = home ? "" : route.place;
  const news = `${connections} ${scene?.seen}`;
  const { screen, refresh } = useScreen(known && scene && !preparing ? route.person : "", place, news);
  useEffect(() => {
    // Where one has come without saying, or where the place asked for is none of theirs, the address says so.
    if (!screen || home || screen.person.id !== route.person || screen.channel === route.place) return;
    if (!screen.places.some((one) => one.id === route.place)) go({ place: screen.channel }, "replace");
  }, [screen, home, route.person, route.place]);

  const { acts, trouble, hush } = useActs(screen, refresh);
  const orders = useOrders();
  const narrow = useNarrow();
  const phone = route.phone && !narrow;
  useEffect(() => {
    document.title = screen ? `${screen.person.real_name} - Murmur, a rehearsal` : "Murmur, a rehearsal";
  }, [screen?.person]);
  const viewer = workspace?.people.find((one) => one.id === route.person);
  const target = shown && screen?.person.id === shown.person && screen.channel === shown.place ? shown : null;

  return (
    <div class={phone ? "page page-phone" : "page"}>
      <a class="skip-link" href="#slack" onClick={skip}>
        Skip to the stand-in Slack
      </a>
      <TopBar
        workspace={preparing ? null : workspace}
        scene={scene}
        person={route.person}
        theme={theme}
        phone={phone}
        phoneable={!narrow}
        inspecting={route.panel === "inspector"}
        clock={
          scene &&
          workspace &&
          viewer &&
          !preparing && (
            <ClockBar
              scene={scene}
              workspace={workspace}
              viewer={viewer}
              onJump={(id) => orders.give(() => api.jump(id))}
            />
          )
        }
        onPerson={(person) => go({ person, place: home ? "home" : "", list: false })}
        onTheme={() => go({ theme: theme === "dark" ? "light" : "dark" }, "replace")}
        onPhone={() => go({ phone: !route.phone, list: false }, "replace")}
        onInspect={() => go({ panel: route.panel === "inspector" ? "" : "inspector" }, "replace")}
      />
      {lost && <Lost demo={demo} />}
      {orders.refused && <Refused text={orders.refused} onForget={orders.forget} />}
      <div class="body">
        {demo && !preparing && (
          <Guide
            demo={demo}
            onDo={(id) => {
              leads.current = true;
              orders.give(() => api.step(id));
            }}
            onSkip={(id) => orders.give(() => api.skip(id))}
          />
        )}
        <div class="stage">
          {demo?.phase === "failed" && <Stopped text={demo.error} />}
          {preparing && <Panel>{demo.progress && <Preparing progress={demo.progress} />}</Panel>}
          {!preparing && demo?.phase !== "failed" && workspace && screen && (
            <div class={phone ? "frame frame-phone" : "frame"}>
              <SlackWindow
                workspace={workspace}
                screen={screen}
                home={home}
                list={route.list}
                narrow={narrow || phone}
                now={new Date(scene?.now ?? Date.now())}
                target={target}
                trouble={trouble}
                acts={acts}
                onGo={(to) => go({ place: to, list: false })}
                onList={() => go({ list: true })}
                onForget={hush}
              />
            </div>
          )}
          {route.panel === "inspector" && scene && (
            <aside class="stage-side" aria-label="What the app asks of Slack">
              <Inspector scene={scene} onClose={() => go({ panel: "" }, "replace")} />
            </aside>
          )}
        </div>
      </div>
      {route.panel === "theft" && demo && !preparing && <Theft onClose={() => go({ panel: "" }, "replace")} />}
    </div>
  );
}

/** The address is the route, so the skip link moves the focus itself. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("slack")?.focus();
}
