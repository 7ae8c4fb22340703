# Two commands for users: `make run` and `make test`. The rest is for developers.
PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# An index to take torch from; without it .ci/torch chooses the build that fits this machine.
TORCH_INDEX ?=
WORKERS ?= 2
MINUTES ?= 10

.PHONY: run test check ask bench verdict torture fuzz documents schema clean

run: $(VENV)/installed
	@$(BIN)/codedesk sync || test $$? -eq 3 # some files failed, and are named; the others answer
	@$(BIN)/codedesk ui --port $(PORT)

ask: $(VENV)/installed
	@$(BIN)/codedesk sync --json > $(VENV)/sync.json || test $$? -eq 3
	@$(BIN)/codedesk ask "$(Q)" || test $$? -eq 4

# A test process that crashes ends the run: replaced, it would leave its group of tests waiting.
test: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n $(WORKERS) --max-worker-restart 0 --dist loadgroup -m "not slow" tests

check: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m corpus.starter.make --check
	$(BIN)/python -m corpus.starter.check

bench: $(VENV)/installed-dev
	$(BIN)/python tests/bench/speed.py --json docs/speed.json --markdown docs/speed.md $(SPEED)
	@test -z "$(SETS)" || $(BIN)/python tests/bench/compare.py $(SETS) --markdown docs/retrieval.md

# The verdict on every set of questions that is at hand below SETS; see docs/verdict.md.
verdict: $(VENV)/installed-dev
	$(BIN)/python tests/bench/verdict.py --sets $(SETS) --json docs/verdict.json --before docs/verdict-before.json --markdown docs/verdict.md

# Every check of trust, and the table of what it found; see docs/trust.md.
torture: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "slow or trust" tests --torture-results

fuzz: $(VENV)/installed-dev
	$(BIN)/python -m pytest -m slow tests/torture/test_fuzz.py --fuzz-minutes $(MINUTES)

documents: $(VENV)/installed-dev
	$(BIN)/python -m corpus.starter.make

# What --json prints, as JSON Schema; what the API says of itself, as OpenAPI.
schema: $(VENV)/installed
	$(BIN)/python -m ui.schema.printed docs/schema.json
	$(BIN)/python -m ui.api.openapi docs/openapi.json

clean:
	rm -rf $(VENV) dist tests/artefacts

$(VENV)/installed: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Codedesk needs Python 3.11 or newer.")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	TORCH_INDEX="$(TORCH_INDEX)" .ci/torch $(BIN)/python
	$(PIP) install --requirement requirements.txt
	$(PIP) install --no-deps --editable .
	$(BIN)/python -m compileall -q assistant corpus index ui
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.txt requirements-ocr.txt \
		requirements-replicas.txt requirements-postgres.txt requirements-cluster.txt
	$(PIP) install --requirement requirements-dev.txt --requirement requirements-ocr.txt \
		--requirement requirements-replicas.txt --requirement requirements-postgres.txt \
		--requirement requirements-cluster.txt
	@touch $@
