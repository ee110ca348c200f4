# The two commands: `make run` starts everything, `make test` checks everything.
PYTHON ?= python3
SHARED_DATA := $(wildcard ../shared/data)
export ARMARIUM_TEST_DATA ?= $(if $(SHARED_DATA),$(abspath $(SHARED_DATA)),)
BIN := .venv/bin

.PHONY: run test test-all security install heic dev bench clean deps web lint types imports
.DEFAULT_GOAL := run

run: install ## Install what is needed and start on http://127.0.0.1:8400
	@$(BIN)/armarium up

install: ## The command at .venv/bin/armarium, with the web app built
	@$(PYTHON) scripts/bootstrap.py install
	@$(BIN)/python scripts/build_web.py build

heic: install ## Read HEIC pictures, too (the decoder's package holds parts under the GPL)
	@$(PYTHON) scripts/bootstrap.py heic

deps: ## The environment with the development tools
	@$(PYTHON) scripts/bootstrap.py dev

dev: deps ## Start with reload: API on 8400, web on 5173
	@$(BIN)/python scripts/dev.py

test: deps ## Every gate and the default suites, within ten minutes
	@$(BIN)/python scripts/gates.py

test-all: deps ## `make test` and the slow suites
	@$(BIN)/python scripts/gates.py --all

security: deps ## Look for weaknesses; exit 3 when a check could not run (see docs/explanation/security.md)
	@$(BIN)/python scripts/security.py

lint: deps
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: deps
	@$(BIN)/basedpyright

imports: deps
	@$(BIN)/lint-imports

web: deps
	@$(BIN)/python scripts/build_web.py build

bench: deps ## Every benchmark, JSON under artifacts/bench
	@$(BIN)/python bench/run.py

clean: ## Remove what was built; never the data folder
	rm -rf .venv .tools .cache web/node_modules web/dist artifacts .pytest_cache .ruff_cache .import_linter_cache
