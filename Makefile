# Everything a newcomer needs: python3 (3.11 or later, with venv), make and git.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help setup demo run test check attacks bench bench-detector figures audit-table gallery page lock pot mo

help:
	@echo "make demo           a whole company in your browser, without a Slack account"
	@echo "make test           run every test"
	@echo "make run            run Murmur for a real workspace, with the settings in .env"
	@echo "make check          formatting, lint, types, architecture, tests"
	@echo "make attacks        try to find out who answered what, beside naive variants where that works"
	@echo "make bench          measure speed against a stated baseline"
	@echo "make bench-detector count false flags and delays of the detector; QUICK=1 for a few teams"
	@echo "make figures        what the README claims of the demo: what a thief gets, what is flagged and when"
	@echo "make audit-table    work out again, over every possible data set, what published figures leave open"
	@echo "make gallery        take the pictures in docs/images again (needs Chromium)"
	@echo "make page           build the page of the stand-in Slack again (needs Node)"
	@echo "make lock           write the lock files again"
	@echo "make pot            write the wording catalogue again"
	@echo "make mo             compile the translations of the wording"

setup: .venv/.ready

.venv/.ready: requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Murmur needs Python 3.11 or later: install it, or name it with make PYTHON=python3.11."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Murmur needs Python's venv module: on Debian or Ubuntu, run apt install python3-venv and try again."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what Murmur needs; the first time this takes about a minute."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e . 2>/dev/null
	@touch $@

demo: setup
	@$(BIN)/murmur demo

run: setup
	@$(BIN)/murmur run

test: setup
	@$(BIN)/pytest -n auto --dist worksteal -q

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto --dist worksteal -q

attacks: setup
	@$(BIN)/python -m tests.attacks.table

bench: setup
	@$(BIN)/python -m tests.bench

bench-detector: setup
	@$(BIN)/python -m tests.bench_detector $(if $(QUICK),--quick)

figures: setup
	@$(BIN)/python -m tests.figures $(if $(SEEDS),--seeds $(SEEDS))

audit-table: setup
	$(BIN)/python -m surveys.audit_enumeration > /tmp/audit_table.yaml && mv /tmp/audit_table.yaml surveys/audit_table.yaml

gallery: setup
	@$(BIN)/python -m tests.gallery

page:
	@cd bot/sandbox/page && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && npm run --silent build

pot: setup
	@$(BIN)/pybabel --quiet extract --no-default-keywords --no-location --omit-header --sort-output -k say -k plain -k say_many:1,2 -k plain_many:1,2 --ignore-dirs="demo sandbox" -o bot/locales/murmur.pot bot

mo: setup
	@$(BIN)/pybabel --quiet compile --domain murmur --directory bot/locales

lock: setup
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --group dev pyproject.toml -o requirements-dev.txt
