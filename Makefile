# Two commands do everything: `make demo` and `make test`. Both set the machine up first.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.SHELLFLAGS := -euo pipefail -c
.PHONY: help setup system demo test lint bench soak chaos fuzz words screenshots

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
DEMO_SECONDS ?= 0
# What Debian must provide: the broker and a client of it, the city's database, Qt's xcb libraries, a
# Chinese font and a virtual screen.
DEBIAN := mosquitto mosquitto-clients postgresql tzdata fonts-noto-cjk xvfb libegl1 libgl1 \
	libxkbcommon-x11-0 libdbus-1-3 libxcb-cursor0 libxcb-icccm4 libxcb-image0 \
	libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1 libfontconfig1

help:
	@echo "make demo   screen simulated travellers, end to end (DEMO_SECONDS=30 stops by itself)"
	@echo "make test   lint and all tests"
	@echo "make setup  only build .venv with fever-station in it"
	@echo "make lint   ruff, mypy strict, import-linter"
	@echo "make bench  performance ratios against floors timed beside them"
	@echo "make soak   a hub for 30 minutes: random faults, a replug a minute, every reading accounted for"
	@echo "make chaos  three campaigns of faults on the link to the CDC: no alert lost, doubled or forged (30 minutes)"
	@echo "make screenshots  every screen of the kiosk, in every scene, size and language, into .screenshots"
	@echo "make words  bring the kiosk's catalogue up to date after its texts changed; then translate, again"
	@echo "make fuzz   a million inputs into every decoder (about an hour)"

# A Debian machine gets what is missing when we are root; anybody else gets the exact command.
system:
	@command -v dpkg-query >/dev/null || exit 0; \
	missing=""; \
	for p in $(DEBIAN); do \
	  [ "$$(dpkg-query -W -f='$${db:Status-Status}' $$p 2>/dev/null)" = installed ] || missing="$$missing $$p"; \
	done; \
	[ -z "$$missing" ] && exit 0; \
	if [ "$$(id -u)" = 0 ]; then \
	  echo "installing Debian's packages:$$missing"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; } || \
	    { echo "They could not be installed: the reason stands above. Is there a network?"; exit 1; }; \
	else \
	  echo "Debian's packages are missing. Install them, then run make again:"; \
	  echo "  sudo apt-get install -y$$missing"; exit 1; \
	fi

$(STAMP): pyproject.toml uv.lock
	@python=""; \
	for p in python3 python3.13 python3.12 python3.11; do \
	  if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$p; break; fi; \
	done; \
	if [ -z "$$python" ]; then echo "Python 3.11 or newer is needed: sudo apt-get install -y python3 python3-venv"; exit 1; fi; \
	if ! [ -x $(BIN)/python ]; then \
	  $$python -m venv $(VENV) || { echo "Python's venv module is needed: sudo apt-get install -y python3-venv"; exit 1; }; \
	fi; \
	echo "setting up $(VENV): once, 1 GB on the disk, a minute or a few"; \
	{ $(BIN)/python -m pip install --quiet 'uv>=0.9' && \
	  UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv sync --frozen --quiet --inexact --python $(BIN)/python; } || \
	  { echo "Python's packages could not be fetched: the reason stands above. Is there a network? Then run make again."; exit 1; }
	@touch $(STAMP)

setup: system $(STAMP)

demo: setup
	@$(BIN)/fever-station demo --seconds $(DEMO_SECONDS)

test: setup lint
	@# Most tests wait for a device: six workers keep two cores busy, and who is idle takes
	@# tests from another, so that the long ones at the end do not queue up behind one worker.
	@# What fails beside five others on a busy machine is run again by itself, and counts then.
	@export QT_QPA_PLATFORM=offscreen OPENBLAS_NUM_THREADS=1; code=0; \
	$(BIN)/pytest -n 6 --dist worksteal || code=$$?; \
	if [ $$code -ne 1 ]; then exit $$code; fi; \
	echo "Once more what failed, by itself:"; \
	$(BIN)/pytest --last-failed --last-failed-no-failures none

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: setup
	@$(BIN)/fever-station bench loop
	@$(BIN)/python -m tests.benchmarks
	@$(BIN)/python -m tests.benchmarks.link
	@$(BIN)/python -m tests.benchmarks.ledger
	@$(BIN)/python -m tests.benchmarks.caseflow

soak: setup
	@$(BIN)/python -m tests.soak --minutes 30 --seed 1

chaos: setup
	@$(MAKE) --no-print-directory system DEBIAN="mosquitto faketime"
	@$(BIN)/python -m tests.chaos --seed 1 --seed 2 --seed 3
	@$(BIN)/python -m tests.chaos --seed 1 --publisher naive

fuzz: setup
	@$(BIN)/python -m tests.fuzz --inputs 1000000

screenshots: setup
	@rm -rf .screenshots
	@# The offscreen platform warns of its own limits with every window.
	@QT_QPA_PLATFORM=offscreen QT_LOGGING_RULES="default.warning=false" $(BIN)/python -m tests.ui.shots .screenshots

words: setup
	@$(BIN)/pyside6-lupdate -no-obsolete -locations none -extensions py -source-language en -target-language zh_CN \
	  ui -ts ui/i18n/fever_station_zh.ts
	@$(BIN)/pyside6-lrelease ui/i18n/fever_station_zh.ts -qm ui/i18n/fever_station_zh.qm
