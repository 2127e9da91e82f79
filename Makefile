# The same commands everywhere: on a laptop, in CI, in the nightly job.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
ENVIRONMENT := .venv/installed
SPARK := .venv/installed-spark
WORKING_FILES := $(wildcard warehouse.duckdb warehouse.duckdb.unreadable)
SQL_FOLDERS := $(wildcard models tests analyses)

# No usage statistics leave this machine.
export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

.PHONY: build
build: $(ENVIRONMENT) ## Build and test the warehouse from the exports
	@.venv/bin/python -m scripts.build

.PHONY: nightly
nightly: $(ENVIRONMENT) ## Build and test as every night; publish if all passed (docs/nightly.md)
	@.venv/bin/python -m scripts.nightly

.PHONY: test
test: lint ## Lint, then run every test
	@.venv/bin/python -m pytest

.PHONY: faults
faults: $(ENVIRONMENT) ## Kill nights, fill disks, spoil exports, while readers read (an hour or more)
	@PYTHONPATH="$(CURDIR):tests/python" .venv/bin/python -m faults

.PHONY: spark
spark: $(SPARK) ## Build and test the same models on Spark, and compare every table (docs/spark.md)
	@.venv/bin/python -m scripts.spark

.PHONY: lint
lint: $(ENVIRONMENT) ## Check the style of Python, YAML and SQL
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/yamllint --strict .
# In memory and in a folder of its own: linting neither waits for a warehouse in use nor
# spoils the parse that the next build takes up. (dbt leaves a semaphore to each worker;
# Python's word about it at the end says nothing about the SQL.)
	@$(if $(SQL_FOLDERS),SCORECARD_DUCKDB=:memory: DBT_TARGET_PATH=target/lint \
	    PYTHONWARNINGS=ignore::UserWarning:multiprocessing.resource_tracker \
	    .venv/bin/sqlfluff lint --processes 2 $(SQL_FOLDERS))

.PHONY: docs
docs: $(ENVIRONMENT) ## Write the documentation as one page, target/static_index.html
	@.venv/bin/dbt docs generate --static

.PHONY: explain
explain: $(ENVIRONMENT) ## Explain a year's score: make explain EMPLOYEE=E053 YEAR=2025
	@$(if $(and $(EMPLOYEE),$(YEAR)),,$(error Say whose score of which year: make explain EMPLOYEE=E053 YEAR=2025))
	@.venv/bin/python -m scripts.explain --employee "$(EMPLOYEE)" --year "$(YEAR)"

# LANGUAGE is a variable of the system, too: only one that is written here counts.
.PHONY: sheets
sheets: $(ENVIRONMENT) ## Write the interview sheets of a year: make sheets YEAR=2025
	@$(if $(YEAR),,$(error Say of which year: make sheets YEAR=2025))
	@.venv/bin/python -m scripts.sheets --year "$(YEAR)" \
	    $(if $(EMPLOYEE),--employee "$(EMPLOYEE)") $(if $(FORMAT),--format "$(FORMAT)") \
	    $(if $(filter command,$(firstword $(origin LANGUAGE))),--language "$(LANGUAGE)")

.PHONY: bench
bench: $(ENVIRONMENT) ## Measure time and memory: make bench SIZE=1, or SIZE="0.1 1 10"
	@.venv/bin/python -m scripts.bench --size $(or $(SIZE),0.1)

.PHONY: clean
clean: $(if $(WORKING_FILES),$(ENVIRONMENT)) ## Remove what a build writes; the environment, and what was published, stay
	@[ ! -e $(ENVIRONMENT) ] || SCORECARD_DUCKDB=warehouse.duckdb .venv/bin/python -m scripts.kept --remove
	@rm -rf target logs spark

.PHONY: distclean
distclean: clean ## Remove the environment and all caches too
	@rm -rf .venv .hypothesis .pytest_cache .ruff_cache dbt_packages
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Byte code is compiled at the install, whatever the caller's environment says: without it
# every dbt call takes two seconds more.
$(ENVIRONMENT): requirements.txt
	@echo "Setting up the environment (about a minute) …"
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; name one: make PYTHON=python3.12")'
	@$(PYTHON) -m venv --clear .venv
	@env -u PYTHONDONTWRITEBYTECODE .venv/bin/python -m pip install \
	    --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@touch $@

$(SPARK): $(ENVIRONMENT) requirements-spark.txt
	@echo "Adding Spark to the environment (about half a gigabyte) …"
	@java -version 2>/dev/null || { echo "Spark needs Java 17 or newer: install it, or set JAVA_HOME."; exit 1; }
	@.venv/bin/python -m pip install \
	    --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-spark.txt
	@touch $@
