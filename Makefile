# Everything a person or a machine does with this project. Needs python3 (3.11 or newer, with venv) and make.
#   make PYTHON=python3.12 test    uses another Python
#   make search PRESET=textbook    searches with other settings

PYTHON ?= python3
PRESET ?= first
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install test lint format fuzz soak bench baselines comparison search clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The stamp is younger than what it was made from, so a second run installs nothing.
$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("evolve needs Python 3.11 or newer: make PYTHON=python3.12 test" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

install: $(INSTALLED) ## make .venv with everything the project needs

test: lint ## check everything: style, types, tests
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(INSTALLED) ## check style and types
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy --no-error-summary

format: $(INSTALLED) ## write the style that lint asks for
	$(BIN)/ruff check --quiet --fix
	$(BIN)/ruff format

fuzz: $(INSTALLED) ## compare machine and CPython on random programs
	$(BIN)/python -m tests.fuzz

soak: $(INSTALLED) ## kill searches at random and go on with them, ten minutes
	$(BIN)/python -m tests.soak --minutes 10

bench: $(INSTALLED) ## measure the speed of the machine on this computer
	$(BIN)/python -m benchmarks

baselines: $(INSTALLED) ## score all seed programs on all rungs, for docs/baselines.md
	$(BIN)/python -m benchmarks.baselines

comparison: $(INSTALLED) ## compare evolution with searches without selection, an hour
	$(BIN)/python -m benchmarks.comparison --out evolve-runs/comparison.json

search: $(INSTALLED) ## a first search, a minute or two; make search PRESET=reference and the like: another
	$(BIN)/evolve search $(PRESET)

clean: ## remove the environment and the caches, keep the runs
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
