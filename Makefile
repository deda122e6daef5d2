# Each command makes its own .venv; PYTHON picks another interpreter (3.11 or newer).
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo app test lint format check models benchmark-labels benchmark-summaries benchmark-speed

.venv/base: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(PIP) --editable .
	touch $@

.venv/dev: .venv/base
	$(PIP) --editable '.[dev]'
	touch $@

demo: .venv/base  ## tag the sample reports, print them, open the viewer
	$(BIN)/nlp-tasks demo

app: .venv/base  ## the viewer alone
	$(BIN)/nlp-tasks view

test: .venv/dev  ## all tests and doctests
	$(BIN)/python -m pytest

lint: .venv/dev  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check: test lint  ## all that continuous integration runs

models: .venv/base  ## train models/fast anew from data/corpus
	$(BIN)/python tools/train_fast.py

benchmark-labels: .venv/base
	$(BIN)/python benchmarks/labels.py

benchmark-summaries: .venv/base
	$(BIN)/python benchmarks/summaries.py

benchmark-speed: .venv/base
	$(BIN)/python benchmarks/speed.py
