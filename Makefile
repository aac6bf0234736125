# Everything runs in .venv, which the first command makes. Set PYTHON to choose another interpreter (3.11 or newer).
PYTHON ?= $(firstword $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p; done) python3)
VENV ?= .venv
BIN := $(VENV)/bin
OUT ?= reports
SOURCE ?= data/demo
AS_OF ?= 2026-06-30
N ?= 24
# One numerical thread per process: batch and tests use every core already.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1

# JupyterLab refuses to run as root, which is who one is in a container, unless it is told to.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)

.PHONY: help setup reports test lint unit nbval notebooks notebooks-check lab bench clean

help:  ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

setup: $(VENV)/.ready  ## make .venv with everything in it

$(VENV)/.ready: pyproject.toml constraints.txt
	@command -v "$(PYTHON)" >/dev/null || \
		{ echo "$(PYTHON) was not found. Install Python 3.11 or newer, or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python"; exit 1; }
	@echo "$$($(PYTHON) --version 2>&1) ($$(command -v "$(PYTHON)")) makes $(VENV); needed: Python 3.11 or newer with venv"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "This Python is too old. Name a newer one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "This Python has no venv. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,cluster,sql,pptx,widgets]'
	@touch $@

reports: setup  ## reports of the example company; prints where index.html is
	$(BIN)/vs-toolkit run --source $(SOURCE) --out $(OUT) --as-of $(AS_OF)

test: lint unit notebooks-check nbval  ## everything CI checks

lint: setup  ## style, types and floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: setup  ## unit tests and doctests
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

nbval: setup  ## run the notebooks and compare every output with what is stored
	$(BIN)/python -m pytest --nbval --nbval-current-env --nbval-cell-timeout 300 -o addopts= -n auto --dist loadfile notebooks

notebooks: setup  ## run the notebooks and store their outputs canonically
	$(BIN)/python -m vs_toolkit.reports.canonical notebooks/*.ipynb

notebooks-check: setup  ## the stored notebooks are what running them gives, to the byte
	$(BIN)/python -m vs_toolkit.reports.canonical --check notebooks/*.ipynb

bench: setup  ## the batch beside stock papermill and the floor (make bench N="24 200")
	$(BIN)/python benchmarks/batch.py --customers $(N)

lab: setup  ## JupyterLab on the notebooks
	$(BIN)/jupyter lab $(AS_ROOT) --notebook-dir=. notebooks/business_impact.ipynb

clean:  ## remove .venv and what the tools left behind
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
