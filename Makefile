# Two commands are all a newcomer needs: `make demo` and `make test`. Everything lands in .venv beside this file.
.DEFAULT_GOAL := help
.PHONY: help demo test check verify bench format lock clean

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(shell command -v uv 2>/dev/null)

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

# ---- the virtual environment: uv where it is present, else venv and pip; always from a lock file with hashes
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Ringfence needs Python 3.11 or newer; set PYTHON=/path/to/python3"; exit 1; }
	@$(if $(UV),$(UV) venv -q --python $(PYTHON) $(VENV),$(PYTHON) -m venv $(VENV))

$(VENV)/run.stamp: requirements/run.lock | $(BIN)/python
	@echo "installing what Ringfence runs on (once) ..."
	@$(if $(UV),$(UV) pip install -q --python $(BIN)/python --require-hashes -r $<,$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r $<)
	@$(if $(UV),$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .,$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .)
	@touch $@

$(VENV)/dev.stamp: requirements/dev.lock $(VENV)/run.stamp
	@echo "installing what the tests need (once) ..."
	@$(if $(UV),$(UV) pip install -q --python $(BIN)/python --require-hashes -r $<,$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r $<)
	@touch $@

$(VENV)/bench.stamp: requirements/bench.lock
	@$(if $(UV),$(UV) venv -q --clear --python $(PYTHON) $(VENV)-bench,$(PYTHON) -m venv --clear $(VENV)-bench)
	@$(if $(UV),$(UV) pip install -q --python $(VENV)-bench/bin/python --require-hashes -r $<,$(VENV)-bench/bin/pip install -q --disable-pip-version-check --require-hashes -r $<)
	@mkdir -p $(VENV) && touch $@

$(VENV)/npm.stamp: tests/browser/package-lock.json | $(BIN)/python
	@command -v npm >/dev/null || { echo "the browser tests need npm: install Debian's npm"; exit 1; }
	@echo "installing what the browser tests take from npm (once) ..."
	@npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# ---- what a newcomer runs
demo: $(VENV)/run.stamp ## the story from a department's file to the ledger, in a folder of its own
	@$(BIN)/ringfence demo

test: $(VENV)/dev.stamp ## the tests (under five minutes on two cores)
	@$(BIN)/python -m pytest -n 2 -m "not verify" -rs

# ---- what a developer runs
check: $(VENV)/dev.stamp ## format, lint, types, floors, one writer a table, docs current
	@$(BIN)/ruff format --check -q . && $(BIN)/ruff check -q .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache > .lint-imports.out || { cat .lint-imports.out; rm -f .lint-imports.out; exit 1; }; rm -f .lint-imports.out
	@$(BIN)/python tools/one_writer.py
	@$(BIN)/python tools/docs.py --check
	@echo "check: all good"

verify: $(VENV)/dev.stamp $(VENV)/npm.stamp ## heavy properties, both databases, kill points and fuzz
	@$(BIN)/python -m pytest -n 2 -m verify -rs --durations=25

bench: $(VENV)/run.stamp ## every figure as a ratio measured in one run
	@for f in bench/*.py; do echo "== $$f"; $(BIN)/python $$f || exit 1; done

format: $(VENV)/dev.stamp ## lay the code out as check wants it
	@$(BIN)/ruff format -q . && $(BIN)/ruff check -q --fix .
	@$(BIN)/python tools/docs.py

lock: ## resolve the lock files anew (needs uv)
	@$(UV) pip compile -q --universal --generate-hashes --no-header --upgrade --python-version 3.11 pyproject.toml --extra build -o requirements/run.lock
	@$(UV) pip compile -q --universal --generate-hashes --no-header --upgrade --python-version 3.11 pyproject.toml --extra build --extra dev -c requirements/run.lock -o requirements/dev.lock
	@$(UV) pip compile -q --universal --generate-hashes --no-header --upgrade --python-version 3.11 requirements/bench.in -o requirements/bench.lock

clean: ## remove the environments and caches
	@rm -rf $(VENV) $(VENV)-bench tests/browser/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
