"""A rehearsal imports only what it plays."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_a_rehearsal_does_not_import_the_performance() -> None:
    code = "import sys, bot.demo.rehearsal; print([name for name in sys.modules if name.startswith('bot.demo.')])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in ("performance", "acting", "theft", "history", "promised"):
        assert f"'bot.demo.{name}'" not in run.stdout
