# make setup   everything that is needed, into .venv, and the models (a second time it does nothing)
# make run     the window on the sample project
# make test    every test, without a screen
# make check   style, types and the walls between the storeys
# make bench   the speed and accuracy figures
# make bench-encode   texts a second against sentence-transformers, which it installs beside
# make bench-trust   whether scores, probabilities and forecasts are true
# make bench-text     accuracy and seconds against SetFit and logistic regression; hours, but it goes on where it was stopped
# make bench-active   accuracy by what chose the rows: mixed, random, margin, small-text
# make bench-label-errors   planted label errors, found against cleanlab
# make bench-audio    accuracy on recordings against MFCC statistics with logistic regression
# make bench-crash   200 windows killed during mixed edits, 200 projects on a failing disk: is an edit lost?
# make bench-fuzz   2,000 damaged files for every reader and importer
# make bench-table  a million rows in the real window: open, scroll, search, sort, filter, label
# make bench-long-audio   a recording of three hours: speed, memory, what is found, how it scrolls
# make clean   away with .venv and everything that was built
#
# make PYTHON=python3.12 setup   with a Python of your choice

VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PY := $(BIN)/python
OFFSCREEN := QT_QPA_PLATFORM=offscreen HF_HUB_OFFLINE=1

# Modules that begin with an underscore are helpers; those that take long have targets of their own.
BENCHMARKS := $(sort $(filter-out benchmarks/_% benchmarks/text.py benchmarks/sounds.py benchmarks/long_audio.py benchmarks/table.py \
    benchmarks/active.py benchmarks/crash.py benchmarks/fuzz.py benchmarks/label_errors.py,$(wildcard benchmarks/*.py)))

.PHONY: setup run test check bench bench-active bench-audio bench-crash bench-encode bench-fuzz bench-label-errors \
    bench-long-audio bench-table bench-text bench-trust clean libraries test-programs
.DEFAULT_GOAL := setup

setup: $(VENV)/.models

$(PY):
	@python=$$(sh packaging/find_python.sh "$(PYTHON)") && echo "Using $$python" && "$$python" -m venv $(VENV)

# Done again whenever a requirement or a tested version changes.
$(VENV)/.packages: pyproject.toml packaging/constraints.txt | $(PY)
	$(PY) -m pip install --disable-pip-version-check -q -c packaging/constraints.txt --upgrade pip
	@# Compiling what is never imported (most of torch) would take longer than all the rest on a small machine.
	$(PY) -m pip install --disable-pip-version-check -q --no-compile -c packaging/constraints.txt -e ".[dev]"
	@touch $@

$(VENV)/.models: $(VENV)/.packages resources/models.toml
	$(PY) -m fsl_desktop models install minilm e5-small yamnet whisper-base speaker
	@touch $@

libraries: $(VENV)/.packages
	@sh packaging/system_libs.sh $(PY)

# Only tests press keys in a real window: nobody else gets an X server installed.
test-programs: $(VENV)/.packages
	@sh packaging/system_libs.sh $(PY) --tests

run: setup libraries
	$(PY) -m fsl_desktop --sample

test: setup test-programs
	@# Two at a time, the tests of one file never apart: half the time on two cores.
	$(OFFSCREEN) $(PY) -m pytest -n 2 --dist loadfile $(ARGS)

check: $(VENV)/.packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup libraries
	@for script in $(BENCHMARKS); do echo "== $$script"; $(OFFSCREEN) $(PY) $$script || exit 1; done

bench-encode: setup
	@sh packaging/peers.sh "$(PYTHON)" >/dev/null
	$(PY) benchmarks/encode.py $(ARGS)

bench-trust: setup libraries
	$(OFFSCREEN) $(PY) benchmarks/trust.py $(ARGS)

bench-table: setup libraries
	$(OFFSCREEN) $(PY) benchmarks/table.py $(ARGS)

bench-text: setup
	@sh packaging/peers.sh "$(PYTHON)" >/dev/null
	$(PY) benchmarks/text.py --json build/bench-text.jsonl $(ARGS)

bench-crash: setup libraries
	$(OFFSCREEN) $(PY) benchmarks/crash.py $(ARGS)

bench-fuzz: setup
	$(OFFSCREEN) $(PY) benchmarks/fuzz.py $(ARGS)

bench-active: setup
	@sh packaging/peers.sh "$(PYTHON)" >/dev/null
	$(PY) benchmarks/active.py --json build/bench-active.jsonl $(ARGS)

bench-label-errors: setup
	@sh packaging/peers.sh "$(PYTHON)" >/dev/null
	$(PY) benchmarks/label_errors.py $(ARGS)

bench-audio: setup
	$(PY) benchmarks/sounds.py $(ARGS)
	$(PY) benchmarks/encode_sound.py

bench-long-audio: setup libraries
	$(OFFSCREEN) $(PY) benchmarks/long_audio.py $(ARGS)

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache *.egg-info
	find fsl_desktop tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
