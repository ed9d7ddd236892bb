# The only entry point. `make` alone lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/sh
.PHONY: help setup demo test test-postgres check bench lock docs messages migrations keys

PYTHON ?= python3
VENV ?= .venv
DEMO_PORT ?= 8000
BIN := $(VENV)/bin
# The steps below never depend on what a shell happens to have set for a real clinic.
DEMO_MANAGE := DEMO=1 PUBLIC_URL=http://127.0.0.1:$(DEMO_PORT) $(BIN)/python manage.py
TEST_MANAGE := TESTING=1 $(BIN)/python manage.py
LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --upgrade \
	--custom-compile-command "make lock" --no-emit-index-url --no-emit-find-links
say = @printf '\n\033[1m%s\033[0m\n' "$(1)"

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/ready-dev ## the environment for working on the program (.venv)

$(VENV)/ready: requirements.txt
	$(call say,Installing what the program needs)
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/ready-dev: requirements-dev.txt $(VENV)/ready
	$(call say,Installing what tests and checks need)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: $(VENV)/ready ## made-up people and referrals on http://127.0.0.1:8000 (DEMO_PORT=… for another port)
	$(call say,Preparing the database)
	$(DEMO_MANAGE) migrate --verbosity 0
	$(DEMO_MANAGE) collectstatic --noinput --verbosity 0
	$(DEMO_MANAGE) demo
	$(call say,Open http://127.0.0.1:$(DEMO_PORT)/ (Ctrl-C ends it))
	@DEMO=1 $(BIN)/gunicorn config.wsgi --bind 127.0.0.1:$(DEMO_PORT) --threads 4 --no-control-socket --log-level warning & server=$$!; \
	$(DEMO_MANAGE) refer_unfinished --every 60 & loop=$$!; \
	$(DEMO_MANAGE) worker & worker=$$!; \
	trap 'kill $$server $$loop $$worker 2>/dev/null; wait' EXIT; trap 'exit 0' INT TERM; \
	wait $$server

test: $(VENV)/ready-dev ## every test, on SQLite; browser tests need Chromium
	$(call say,Tests on SQLite)
	$(BIN)/python -m pytest -n auto --maxprocesses 2 --dist worksteal

test-postgres: $(VENV)/ready-dev ## tests that meet a database, on a real PostgreSQL; not those in a browser, of words or of pages only
	$(call say,Tests on PostgreSQL)
	$(BIN)/python -m tests.postgres -n auto --maxprocesses 2 --dist worksteal -m "not browser" tests/integration tests/meta tests/unit \
		--ignore=tests/unit/rules --ignore=tests/unit/interpreters \
		$(foreach name,every_word languages results spanish vignettes,--ignore=tests/integration/intake/test_$(name).py) \
		--deselect=tests/integration/rules_admin/test_identity.py::TestUntouched

check: $(VENV)/ready-dev ## style, types, walls, templates, migrations, documents, patients' words, settings
	$(call say,Style: ruff)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(call say,Types: mypy)
	$(BIN)/mypy
	$(call say,Walls: import-linter)
	$(BIN)/lint-imports --no-logo
	$(call say,Templates: djlint)
	$(BIN)/djlint --quiet --check templates
	$(BIN)/djlint --quiet --lint templates
	$(call say,Migrations: does every model have its own?)
	$(TEST_MANAGE) makemigrations --check --dry-run
	$(call say,Documents: are docs/generated current?)
	$(TEST_MANAGE) build_docs --check
	$(call say,Words for patients: reading age and tone)
	TESTING=1 $(BIN)/python -m tests.reading
	$(call say,Interface: are locale/ and its sources of one mind?)
	$(BIN)/python -m tests.messages --check
	$(call say,Settings: would a clinic be served safely?)
	@set -e; folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	export VAR_DIR="$$folder" ALLOWED_HOSTS=clinic.example $$($(BIN)/python -m config.keys); unset DEMO TESTING; \
	$(BIN)/python manage.py check --deploy --fail-level WARNING; \
	$(BIN)/python manage.py collectstatic --noinput --verbosity 0 && echo "Static files are complete."
	$(call say,All checks pass.)

bench: $(VENV)/ready-dev ## microseconds a case, for the shipped rule set
	$(BIN)/python -m tests.benchmarks
	$(BIN)/python -m tests.benchmarks.replay

docs: $(VENV)/ready ## builds docs/generated anew
	$(TEST_MANAGE) build_docs

messages: $(VENV)/ready-dev ## takes new words of the interface into locale/, and compiles what is translated
	$(BIN)/python -m tests.messages

migrations: $(VENV)/ready ## writes the migrations that changed models need
	$(TEST_MANAGE) makemigrations

lock: $(VENV)/ready-dev ## newest versions into requirements.txt and requirements-dev.txt, with hashes
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -c requirements.txt -o requirements-dev.txt

keys: $(VENV)/ready ## prints fresh keys for a clinic's settings
	@$(BIN)/python -m config.keys
