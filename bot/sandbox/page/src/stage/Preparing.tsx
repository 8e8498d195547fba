/** What is shown while the company's past is made. */

import type { Progress } from "../types";
import { ProgressBar, Spoken } from "./Progress";

interface PreparingProps {
  progress: Progress | null;
  rehearsal?: boolean; // the adopter's own people, without a past
}

const STARTING: Progress = { title: "Starting", detail: "", done: 0, of: 0 };

/** A calm full panel: how far it is, and what is going on. */
export function Preparing({ progress, rehearsal = false }: PreparingProps) {
  const now = progress ?? STARTING;
  return (
    <div class="preparing">
        <h2>{rehearsal ? "Your rehearsal" : "A company, and its last sixteen weeks"}</h2>
        <div class="preparing-progress">
          <ProgressBar progress={now} />
          <p class="preparing-words">
            <strong>{now.title}</strong> <span>{now.detail}</span>
          </p>
        </div>
        {rehearsal ? <AboutARehearsal /> : <AboutTheHistory />}
        <Spoken text={`${now.title}. ${now.detail}`.trim()} pace={15000} />
    </div>
  );
}

function AboutTheHistory() {
  return (
    <>
      <p>
        A made-up company: AI and platform teams in several time zones, whose people answer in most weeks, not in all.
        Every week Murmur opens a round, answers arrive, and the round closes.
      </p>
      <ul>
        <li>
          <strong>The real thing:</strong> answers are sealed, closed and added up by the functions that run in a real
          workspace. Only Slack is a stand-in.
        </li>
        <li>
          <strong>What Murmur says is not scripted;</strong> how the teams feel was fixed beforehand. Whether that is
          noticed, and when, is up to its detector.
        </li>
        <li>
          <strong>Nobody real:</strong> it stays on this machine, and nothing is fetched from the internet.
        </li>
      </ul>
      <p class="preparing-patience">The first time takes up to a minute. It is kept, so that the next start is quick.</p>
    </>
  );
}

function AboutARehearsal() {
  return (
    <p>
      Your own people in a stand-in Slack, and a Murmur in it that nobody has set up yet. It stays on this machine, and
      nobody is asked anything.
    </p>
  );
}
