"""Checks JSON against the types that Slack publishes for TypeScript."""

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Json = dict[str, Any]

# KnownBlock instead of AnyBlock, which lets anything pass. The types of answers were made out of samples, with
# enums that take no literals and without null, hence Answer.
PREAMBLE = """
import type { AppHomeOpenedEvent, HomeView, KnownBlock, ModalView } from '@slack/types';
import type { BlockAction, EnvelopedEvent, SlashCommand, ViewClosedAction, ViewSubmitAction } from '@slack/bolt';
import type {
  AppsConnectionsOpenResponse, AppsManifestCreateArguments, AuthTestResponse, ChatPostEphemeralResponse,
  ChatPostMessageResponse, ViewsOpenResponse, ViewsPublishResponse, ViewsPushResponse, ViewsUpdateResponse,
} from '@slack/web-api';

type Message = { text: string; blocks?: KnownBlock[] };
type Modal = Omit<ModalView, 'blocks'> & { blocks: KnownBlock[] };
type Home = Omit<HomeView, 'blocks'> & { blocks: KnownBlock[] };
type HomeOpened = EnvelopedEvent<AppHomeOpenedEvent>;
type Manifest = AppsManifestCreateArguments['manifest'];
type Answer<T> = T extends string ? string : T extends (infer One)[] ? Answer<One>[]
  : T extends object ? { [Name in keyof T]: Answer<T[Name]> | null } : T;
"""
OPTIONS = "--noEmit --strict --skipLibCheck --target es2023 --module nodenext --moduleResolution nodenext --types node"
LINE = re.compile(r"^(?P<file>[\w.-]+)\((?P<line>\d+),\d+\): error TS\d+: (?P<what>.*)$", re.MULTILINE)


def complaints(project: Path, directory: Path, values: Mapping[str, tuple[str, Any]]) -> dict[str, list[str]]:
    """What TypeScript says of each value: by name, a type of the preamble and the JSON.

    `directory` is inside `project`, where the packages are found. One line of source a value, so that a line
    of the answer tells which value is meant. Raises AssertionError when TypeScript says something else.
    """
    lines = PREAMBLE.strip().splitlines()
    names = {}
    for number, (name, (kind, value)) in enumerate(values.items()):
        lines.append(f"export const value{number}: {kind} = {json.dumps(value)};")
        names[len(lines)] = name
    source = directory / "captured.ts"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    compiler = project / "node_modules" / ".bin" / "tsc"
    done = subprocess.run(
        [compiler, *OPTIONS.split(), source.name], cwd=directory, capture_output=True, text=True, timeout=120
    )
    found: dict[str, list[str]] = {}
    for match in LINE.finditer(done.stdout):
        assert match["file"] == source.name, done.stdout
        found.setdefault(names[int(match["line"])], []).append(match["what"])
    assert (done.returncode == 0) == (not found), done.stdout + done.stderr
    return found
