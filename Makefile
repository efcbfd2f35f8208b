# SpaceX Insights. `make` alone lists what can be asked for.
# Every target makes what it needs first: `.venv`, uv in it, and the locked packages.

UV_VERSION := 0.13.9
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
export VIRTUAL_ENV := $(abspath $(VENV))

# Reports, charts and servers of ours tell nobody that they run.
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false

.PHONY: help run test lint dashboard lab up down status doctor bench lock dictionary licences audit reliability clean
.DEFAULT_GOAL := help

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F '\t' '{printf "  make %-12s %s\n", $$1, $$2}'

run: $(VENV)/run ## Build data/starlink.db, with reports (ARGS="--source sample" …)
	@$(BIN)/spacex run $(ARGS)

status: $(VENV)/run ## What is in the database, from where, and how old
	@$(BIN)/spacex status

doctor: $(VENV)/run ## Whether this machine has what is needed, and what to do if not
	@$(BIN)/spacex doctor

dashboard: $(VENV)/run ## The dashboard, at http://127.0.0.1:8866
	@$(BIN)/spacex dashboard

lab: $(VENV)/run ## JupyterLab on the notebooks, at http://127.0.0.1:8888
	@$(BIN)/jupyter lab --ip 127.0.0.1 --port 8888 notebooks

up: ## Everything in containers: Prefect 4200, dashboard 8866, JupyterLab 8888
	docker compose up --build

down: ## Stop the containers; the data stay in their volume
	docker compose down

# Much of a test is waiting, so several run at a time.
WORKERS := --numprocesses logical --maxprocesses 4 --dist worksteal

test: $(VENV)/dev ## The tests (ARGS="-k snapshots" …)
	@$(BIN)/pytest $(WORKERS) $(ARGS)

lint: $(VENV)/dev ## Style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(VENV)/dev ## Where the time goes, beside the baseline (ARGS="pipeline --save" …)
	@$(BIN)/python -m benchmarks $(ARGS)

dictionary: $(VENV)/run ## docs/data-dictionary.md, from the declared tables
	@$(BIN)/spacex dictionary > docs/data-dictionary.md

licences: $(VENV)/dev ## Write docs/licences.md
	@$(BIN)/python -m tests.packaging.licences

audit: $(VENV)/dev ## List known vulnerabilities of the locked packages
	@$(BIN)/python -m tests.packaging.audit

reliability: $(VENV)/dev ## docs/reliability.md: what comes of each fault, by letting it happen
	@$(BIN)/python -m tests.faults

# Options of both locks: one file for every platform and Python, hash-pinned.
COMPILE := $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url

lock: $(UV) ## Lock new requirements; ARGS="--upgrade" takes the newest versions
	$(COMPILE) $(ARGS) pyproject.toml --group build -o requirements.lock
	$(COMPILE) $(ARGS) pyproject.toml --group build --group dev -c requirements.lock -o requirements-dev.lock \
		$$(sed -nE 's/^([^=]+)==.*/--no-emit-package \1/p' requirements.lock)

clean: ## Remove the virtual environment and all caches; the data stay
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make $(MAKECMDGOALS) PYTHON=python3.13"; exit 1; }
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/run: requirements.lock pyproject.toml | $(UV)
	@echo "Installing the locked packages; the first time this takes a minute or two …"
	@$(UV) pip install --quiet --compile-bytecode --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: requirements-dev.lock $(VENV)/run
	@$(UV) pip install --quiet --compile-bytecode --require-hashes -r requirements.lock -r requirements-dev.lock
	@touch $@
