# Two commands on a fresh machine do everything: `make demo` and `make test`.
# `make setup` (run by both) installs system packages with apt and Python packages into .venv.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
PYTHON ?= $(shell for one in python3 python3.11 python3.12 python3.13; do \
  "$$one" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$one && break; done)
APT := tesseract-ocr tesseract-ocr-nor libzbar0 libgl1 libglib2.0-0 python3-venv gcc libc6-dev libsane1 sane-utils \
  minisign postgresql chromium libreoffice-calc-nogui
BIN := .venv/bin
DEMO ?= demo
BALLOTS ?= 300
REAL_INK ?= $(wildcard ../shared/data)
JOBS ?= $(shell nproc)

.PHONY: demo test check setup apt models clean

demo: setup
	rm -rf $(DEMO)
	$(BIN)/valgskanner demo --out $(DEMO) --ballots $(BALLOTS) $(if $(REAL_INK),--real-ink $(REAL_INK))

test: setup check
	$(BIN)/pytest -n $(JOBS) -q

check: setup
	$(BIN)/ruff check scanner tests
	$(BIN)/ruff format --check scanner tests
	$(BIN)/mypy
	$(BIN)/lint-imports

setup: apt .venv/.ready

apt:
	@missing=$$(for one in $(APT); do dpkg-query -W -f='$${Status}' $$one 2>/dev/null | grep -q 'ok installed' || echo $$one; done); \
	if [ -n "$$missing" ]; then \
	  $(SUDO) apt-get update -qq; \
	  DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $$missing; \
	fi

.venv/.ready: requirements.lock pyproject.toml
	@[ -n "$(PYTHON)" ] || { echo "valgskanner needs Python 3.11 or newer with venv."; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# Training needs PyTorch, in an environment of its own: counting and testing never do.
models: setup
	$(PYTHON) -m venv .venv-train
	.venv-train/bin/pip install --quiet --disable-pip-version-check --editable '.[train]'
	.venv-train/bin/valgskanner train

clean:
	rm -rf .venv .venv-train $(DEMO) build dist
