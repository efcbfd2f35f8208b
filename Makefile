# SpaceX Insights. `make` lists the targets.
# Each target first creates what it needs: `.venv`, uv in it, and the locked packages.

UV_VERSION := 0.13.9
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
export VIRTUAL_ENV := $(abspath $(VENV))

# Telemetry of Prefect and other tools is off.
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false

# Without a cache, each of a test's hundreds of processes would compile the package again.
unexport PYTHONDONTWRITEBYTECODE

# An interpreter that the user names must be that of $(VENV), once it exists.
ifneq ($(origin PYTHON),file)
ifneq ($(wildcard $(BIN)/python),)
VERSION_OF = $(shell $(1) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
ifneq ($(call VERSION_OF,$(PYTHON)),$(call VERSION_OF,$(BIN)/python))
ifeq ($(filter clean help,$(MAKECMDGOALS)),)
$(error $(VENV) has Python $(call VERSION_OF,$(BIN)/python), but $(PYTHON) is $(or $(call VERSION_OF,$(PYTHON)),missing). To change it: make clean, then make $(MAKECMDGOALS) PYTHON=$(PYTHON))
endif
endif
endif
endif

.PHONY: help run test kills lint dashboard lab up down status doctor verify bench docs pictures wheel lock dictionary licences audit sbom security reliability mutate clean
.DEFAULT_GOAL := help

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/run ## Build data/starlink.db and a report (ARGS="--source sample" …)
	@$(BIN)/spacex run $(ARGS)

status: $(VENV)/run ## Show the database: contents, sources and age
	@$(BIN)/spacex status

doctor: $(VENV)/run ## Check this machine and say how to fix what is missing
	@$(BIN)/spacex doctor

verify: $(VENV)/run ## Find damaged and missing files in data/ (ARGS="--json")
	@$(BIN)/spacex verify $(ARGS)

dashboard: $(VENV)/run ## Serve the dashboard at http://127.0.0.1:8866 (PORT=…)
	@$(BIN)/spacex dashboard --port $(or $(PORT),8866)

lab: $(VENV)/run ## Open the notebooks in JupyterLab at http://127.0.0.1:8888 (PORT=…)
	@$(BIN)/jupyter lab --ip 127.0.0.1 --port $(or $(PORT),8888) --LabApp.default_url=/lab/tree/notebooks/README.md

up: ## Start the containers: Prefect 4200, dashboard 8866, JupyterLab 8888
	SPACEX_REVISION=$$(git describe --always --dirty 2>/dev/null) docker compose up --build

down: ## Stop the containers; the data volume is kept
	docker compose down

# The tests keep every core busy: with three workers on two cores they take a tenth longer.
WORKERS := --numprocesses logical --maxprocesses 4 --dist worksteal

test: $(VENV)/dev ## Run the tests (ARGS="-k snapshots" …)
	@$(BIN)/pytest $(WORKERS) $(ARGS)

kills: $(VENV)/dev ## Kill runs and imports at random times, and look for losses (N=200|all SEED=1 ARGS=…)
	@SPACEX_TEST_KILLS=$(or $(N),200) SPACEX_TEST_SEED=$(or $(SEED),1) $(BIN)/pytest -q -s tests/faults/test_killed_runs.py $(ARGS)

lint: $(VENV)/dev ## Check style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(VENV)/dev ## Run the benchmarks against the baseline (ARGS="pipeline --save" …)
	@$(BIN)/python -m benchmarks $(ARGS)

docs: $(VENV)/dev ## Build the documentation as a site, dist/docs
	@$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going --conf-dir docs . dist/docs
	@echo "dist/docs/docs/index.html"

pictures: $(VENV)/dev ## Make the pictures of docs/dashboard.md (ARGS="launches sky edition" …)
	@$(BIN)/python -m docs.dashboard_pictures $(ARGS)

wheel: $(VENV)/run ## Build the wheel and the source distribution in dist/
	@$(UV) build --quiet --no-build-isolation

dictionary: $(VENV)/run ## Write docs/data-dictionary.md from the schema
	@$(BIN)/spacex dictionary > docs/data-dictionary.md

licences: $(VENV)/dev ## Write docs/licences.md from the locked packages
	@$(BIN)/python -m tests.packaging.licences

audit: $(VENV)/dev ## List known vulnerabilities of the locked packages
	@$(BIN)/python -m tests.packaging.audit

sbom: $(VENV)/dev ## Write the bill of materials of the locked packages, dist/sbom.json (CycloneDX)
	@mkdir -p dist
	@PYTHONWARNINGS=ignore $(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible -o dist/sbom.json

security: $(VENV)/dev ## Write the attacks of docs/security.md from the tests
	@$(BIN)/python -m tests.attacks

reliability: $(VENV)/dev ## Write docs/reliability.md by injecting every fault
	@$(BIN)/python -m tests.faults

mutate: $(VENV)/dev ## Put faults into the code; each has to fail a test (ARGS="--seed 2 orbits" …)
	@$(BIN)/python -m tests.mutants $(ARGS)

# Each lock is one file for all platforms and Pythons, pinned by hash.
COMPILE := $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url

lock: $(UV) ## Lock new requirements (ARGS="--upgrade": the newest versions of all)
	$(COMPILE) $(ARGS) pyproject.toml --group build -o requirements.lock
	$(COMPILE) $(ARGS) pyproject.toml --group build --group dev --extra export -c requirements.lock -o requirements-dev.lock \
		$$(sed -nE 's/^([^=]+)==.*/--no-emit-package \1/p' requirements.lock)

clean: ## Remove the virtual environment, builds and caches; the data are kept
	rm -rf $(VENV) dist .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

$(UV):
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing: install Python 3.11 or newer (Debian: apt-get install python3-venv; macOS: brew install python), or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make $(MAKECMDGOALS) PYTHON=python3.13"; exit 1; }
	@echo "Creating $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/run: requirements.lock pyproject.toml spacex/notebook/jupyterlab.json | $(UV)
	@echo "Installing the locked packages; the first time this takes a minute or two …"
	@$(UV) pip install --quiet --compile-bytecode --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: requirements-dev.lock $(VENV)/run
	@$(UV) pip install --quiet --compile-bytecode --require-hashes -r requirements.lock -r requirements-dev.lock
	@touch $@
