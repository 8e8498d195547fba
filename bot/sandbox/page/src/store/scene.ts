/** The stage as the server tells of it, moment by moment, and the workspace it plays in. */

import { useEffect, useState } from "preact/hooks";
import { api } from "../api";
import type { Scene, Workspace } from "../types";
import { same } from "./same";

const RETRY = 2000; // ms between attempts to find the server again
const CALM = 1200; // ms that a connection may be gone before anybody is told

export interface Stage {
  workspace: Workspace | null;
  scene: Scene | null;
  connections: number; // to the server so far: what was known before the last may not hold any more
  lost: boolean; // the server is gone
}

/** Follows the stage for one person; "" waits until it is known whose eyes to use. */
export function useStage(person: string): Stage {
  const [workspace, setWorkspace] = useState<Workspace | null>(null);
  const [scene, setScene] = useState<Scene | null>(null);
  const [lost, setLost] = useState(false);
  const [connections, setConnections] = useState(0);
  const phase = scene?.demo?.phase ?? "";

  // The workspace again after every connection, and when a history has been prepared: others may live in it by then.
  useEffect(() => {
    let over = false;
    let retry = 0;
    const load = () =>
      api.workspace().then(
        (found) => {
          if (over) return;
          setWorkspace((before) => same(before, found));
          setLost(false);
        },
        () => {
          if (over) return;
          setLost(true);
          retry = setTimeout(load, RETRY);
        },
      );
    load();
    return () => {
      over = true;
      clearTimeout(retry);
    };
  }, [connections, phase === "preparing"]);

  const known = !!workspace?.people.some((one) => one.id === person);
  useEffect(() => {
    if (!known) return;
    let retry = 0;
    let worry = 0;
    let stream: EventSource;
    const connect = () => {
      stream = new EventSource(`/page/stream?person=${encodeURIComponent(person)}`);
      let opened = false;
      stream.onmessage = ({ data }) => {
        clearTimeout(worry);
        worry = 0;
        setLost(false);
        setScene(JSON.parse(data) as Scene);
        if (!opened) setConnections((before) => before + 1);
        opened = true;
      };
      stream.onerror = () => {
        // A browser's own retries wait ever longer, and end at the first refusal.
        stream.close();
        worry ||= setTimeout(() => setLost(true), CALM);
        retry = setTimeout(connect, RETRY);
      };
    };
    connect();
    return () => {
      clearTimeout(retry);
      clearTimeout(worry);
      stream.close();
    };
  }, [person, known]);

  return { workspace, scene, connections, lost };
}
