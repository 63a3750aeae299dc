# One word for each thing one does here. `make setup` is what the others call first; it does nothing when nothing changed.

MAKEFLAGS += --jobs=2 --no-print-directory
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.PHONY: help run setup setup-dev check test bench bundle demo screenshots lock messages docs clean

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq install --require-hashes
PAGE_SOURCES := $(shell find qidang -path '*/static/*' -type f 2>/dev/null) qidang/page_files.py
MESSAGES := $(patsubst %.po,%.mo,$(wildcard qidang/locale/*/LC_MESSAGES/*.po))

help:
	@echo "make run          set up, make the sample archive once, start pages and worker"
	@echo "make setup        environment and page files only; then .venv/bin/qidang works"
	@echo "make test         every test: rooms, pages, Chromium, SQLite and PostgreSQL"
	@echo "make check        the gate: format, lint, types, layers, licences, production checks"
	@echo "make bench        figures of speed and memory (bench/RESULTS.md)"
	@echo "make bundle       one archive that installs without any network, for machines like this one"
	@echo "make demo         a fresh sample archive"
	@echo "make screenshots  the pictures of the README"
	@echo "make docs         write docs/reference.md again"
	@echo "make messages     collect the words of the pages; write their English in qidang/locale"
	@echo "make lock         lock the dependencies again after a change of requirements*.in"

run: setup build/static/.collected
	@$(BIN)/qidang demo --once
	@exec $(BIN)/qidang serve $(ARGS)

setup: $(VENV)/.installed node_modules/.installed $(MESSAGES)

setup-dev: setup $(VENV)/.installed-dev

# The first Python that runs: a version manager's shim may exist and fail.
$(VENV)/bin/python:
	@bash tools/make_venv.sh $(VENV)

$(VENV)/.installed: requirements.txt requirements-build.txt pyproject.toml | $(VENV)/bin/python
	@echo "installing Python packages"
	@flock $(VENV) $(PIP) -r requirements.txt -r requirements-build.txt
	@$(BIN)/python -m pip --disable-pip-version-check -qq install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "installing development packages"
	@$(PIP) -r requirements-dev.txt
	@touch $@

node_modules/.installed: package.json package-lock.json | $(VENV)/bin/python
	@echo "installing page libraries"
	@bash tools/npm_ci.sh $(VENV)
	@touch $@

build/static/.collected: $(PAGE_SOURCES) node_modules/.installed $(VENV)/.installed
	@QIDANG_COLLECTING=1 QIDANG_HOME=build/home $(BIN)/python -m django collectstatic --settings qidang.settings --noinput --clear -v 0
	@touch $@

%.mo: %.po tools/compile_messages.py | $(VENV)/.installed
	@$(BIN)/python tools/compile_messages.py $< $@

check: setup-dev
	@bash tools/check.sh

test: setup-dev
	@bash tools/test.sh

bench: setup-dev
	@bash bench/all.sh

bundle: setup build/static/.collected
	@$(BIN)/python tools/bundle.py $(if $(MACHINE),--machine $(MACHINE)) $(if $(PYTHON),--python $(PYTHON))

demo: setup
	@$(BIN)/qidang demo --fresh

screenshots: setup-dev
	@$(BIN)/python tools/screenshots.py

docs: setup
	@$(BIN)/python tools/reference.py

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate
lock: $(VENV)/bin/python
	@$(BIN)/python -m pip --disable-pip-version-check -qq install uv
	@$(LOCK) requirements.in -o requirements.txt
	@$(LOCK) requirements-build.in -o requirements-build.txt
	@$(LOCK) requirements-node.in -o requirements-node.txt
	@$(LOCK) requirements-dev.in -c requirements.txt -c requirements-build.txt -o requirements-dev.txt

messages: setup
	@$(BIN)/python tools/messages.py

clean:
	@rm -rf $(VENV) node_modules build
