# Everything runs from .venv, which is made and kept up to date by the targets that need it.
#
#   make chat      open the chat page (http://127.0.0.1:7860)
#   make rebuild   rebuild the index; ARGS="my-articles/" for your own files
#   make test      run all tests
#   make test-faults    bring an index to grief in every way there is, and report
#   make lint      check style and types
#   make audit     ask whether weaknesses are known of any dependency
#   make fuzz      fuzz readers and questions; SECONDS=600 for each target
#   make test-load many people at once; DATA=folder with news/, ARGS="--index DIR --seconds 60"
#   make bench     measure Wenbao beside other systems; DATA=folder with the question sets
#   make bench-speed    measure the encoder and the reader; DATA=folder with the question sets
#   make bench-rebuild  measure rebuilding beside LangChain; DATA=folder with news/
#   make bench-size     measure how cost grows to a million chunks; DATA=folder with news/
#   make reader    train the reader anew (an hour and a half); DATA=folder with the question sets

PYTHON ?= python3
DATA ?= ../shared/data
SECONDS ?= 600
BIN := .venv/bin
BENCH := .venv-bench
# Chromium, torch and the rest are quiet and offline unless told otherwise.
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: chat rebuild test test-faults test-load fuzz lint audit bench bench-speed bench-rebuild
.PHONY: bench-size reader wheel clean
.DEFAULT_GOAL := chat

chat: .venv/installed
	$(BIN)/wenbao chat $(ARGS)

rebuild: .venv/installed
	$(BIN)/python -m embeddings.rebuild $(ARGS)

test: .venv/installed-dev
	$(BIN)/python -m pytest $(ARGS)

test-faults: .venv/installed-dev
	$(BIN)/python -m tests.faults $(ARGS)

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

audit: .venv/installed-dev
	$(BIN)/python -m tests.audit

# Guided by coverage where atheris can be installed, and by hypothesis everywhere.
fuzz: .venv/installed-dev
	WENBAO_FUZZ_SECONDS=$(SECONDS) $(BIN)/python -m pytest -q tests/fuzz -k anything $(ARGS)
	@if $(BIN)/pip install --quiet --constraint constraints.txt --editable '.[fuzz]'; then \
	  for target in question conversation reader; do \
	    $(BIN)/python -m tests.fuzz $$target $(SECONDS) || exit 1; \
	  done; \
	else echo "atheris cannot be installed here; skipped"; fi

test-load: .venv/installed-dev
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[load]'
	$(BIN)/python -m tests.eval.load $(DATA) $(ARGS)

bench: .venv/installed-dev $(BENCH)/installed
	$(BIN)/python -m tests.eval.bench $(DATA)/cmrc2018_trial.json --peers $(BENCH)/bin/python $(ARGS)

bench-speed: .venv/installed-dev
	$(BIN)/python -m tests.eval.speed $(DATA) $(ARGS)

bench-rebuild: .venv/installed-dev $(BENCH)/installed
	$(BIN)/python -m tests.eval.rebuilding $(DATA) --peers $(BENCH)/bin/python $(ARGS)

bench-size: .venv/installed-dev
	$(BIN)/python -m tests.eval.size $(DATA) $(ARGS)

reader: .venv/installed-dev
	$(BIN)/python -m tests.eval.training.train $(DATA)
	$(BIN)/python -m tests.eval.training.fit $(DATA)

wheel: .venv/installed-dev
	$(BIN)/python -m build --wheel

clean:
	rm -rf .venv $(BENCH) build dist

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	touch $@

.venv/installed-dev: .venv/installed
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

# Other systems, in an environment of their own. torch comes first and alone: its CPU build, where
# the package index has one, is then kept by what needs torch.
$(BENCH)/installed: tests/eval/bench/constraints.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/pip install --quiet --constraint $< torch
	$(BENCH)/bin/pip install --quiet --requirement $<
	touch $@
