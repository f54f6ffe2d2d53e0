# All is installed into .venv; corpora are downloaded into data/downloads.
PYTHON ?= python3
VENV ?= .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
INSTALLED := $(VENV)/.installed

.PHONY: demo test test-interpreted lint docs bench wheel clean

demo: $(INSTALLED)  ## the main job on real text
	$(BIN)/python data/demo.py

test: $(INSTALLED)  ## all tests, compiled
	$(BIN)/python -m pytest --cov --cov-report=term:skip-covered

test-interpreted: $(INSTALLED)  ## the kernels as plain Python, where an index out of bounds is seen and lines are counted
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest tests --ignore-glob="*test_cli*" --cov --cov-report=term:skip-covered

lint: $(INSTALLED)  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(INSTALLED)  ## help texts and outputs in the READMEs and in docs/, made from the program
	$(BIN)/python -m cogapp -r README.md README.zh.md docs/commands.md
	$(BIN)/python docs/rules.py

bench: $(VENV)/.bench  ## accuracy, speed and memory beside other programs, written to benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks.accuracy
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.startup
	$(BIN)/python -m benchmarks.scaling
	$(BIN)/python -m cogapp -r README.md README.zh.md

$(VENV)/.bench: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --editable ".[bench]"
	@touch $@

wheel: $(INSTALLED)
	$(BIN)/python -m build --outdir dist .

$(INSTALLED): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
