/** What the address of the page says, `#/U0DANA/D0DANA?phone&theme=dark`, so that a look can be shared and pictured. */

import { useCallback, useEffect, useState } from "preact/hooks";

export type Theme = "light" | "dark" | "";
export type Panel = "theft" | "inspector" | "";

export interface Route {
  person: string; // "" for the person the page begins with
  place: string; // a channel or direct message, "home", or "" for the app's direct message
  list: boolean; // where there is room for one thing only: the list of places instead of a place
  phone: boolean;
  theme: Theme; // "" for that of the system
  panel: Panel;
}

export type Go = (change: Partial<Route>, how?: "push" | "replace") => void;

export function parse(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [person = "", place = ""] = path.split("/").map(decode);
  const wishes = new URLSearchParams(query);
  const theme = wishes.get("theme");
  const panel = wishes.get("panel");
  return {
    person,
    place,
    list: wishes.has("list"),
    phone: wishes.has("phone"),
    theme: theme === "light" || theme === "dark" ? theme : "",
    panel: panel === "theft" || panel === "inspector" ? panel : "",
  };
}

export function format(route: Route): string {
  const wishes = [
    route.list && "list",
    route.phone && "phone",
    route.theme && `theme=${route.theme}`,
    route.panel && `panel=${route.panel}`,
  ].filter(Boolean);
  const path = [route.person, route.place].filter(Boolean).map(encodeURIComponent).join("/");
  return `#/${path}${wishes.length ? `?${wishes.join("&")}` : ""}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

/** The route, and a way to change it: "push" can be undone with the browser's Back. */
export function useRoute(): [Route, Go] {
  const [route, setRoute] = useState(() => parse(location.hash));
  useEffect(() => {
    const look = () => setRoute(parse(location.hash));
    addEventListener("popstate", look);
    addEventListener("hashchange", look);
    return () => {
      removeEventListener("popstate", look);
      removeEventListener("hashchange", look);
    };
  }, []);
  const go = useCallback<Go>((change, how = "push") => {
    const next = { ...parse(location.hash), ...change };
    const address = format(next);
    if (address === (location.hash || "#/")) return;
    if (how === "push") history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    setRoute(next);
  }, []);
  return [route, go];
}
