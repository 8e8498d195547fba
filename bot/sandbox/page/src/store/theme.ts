/** The theme in force, on <html data-theme>, where the style sheets look for it. */

import { useEffect, useState } from "preact/hooks";
import type { Theme } from "./route";

const dark = matchMedia("(prefers-color-scheme: dark)");

export function useTheme(chosen: Theme): "light" | "dark" {
  const [system, setSystem] = useState(dark.matches);
  useEffect(() => {
    const look = () => setSystem(dark.matches);
    dark.addEventListener("change", look);
    return () => dark.removeEventListener("change", look);
  }, []);
  const theme = chosen || (system ? "dark" : "light");
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return theme;
}
