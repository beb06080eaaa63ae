# Everything runs in .venv, which is made on first use. Needs only Python 3.11+ and make.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
INSTALL := PIP_CONSTRAINT=constraints.txt PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet

.PHONY: demo test lint bench fuzz docs clean
.DELETE_ON_ERROR:

demo: .venv/core  ## the brief of the Alaska case: in the terminal, and as a page
	@$(BIN)/winset brief cases/alaska-2025.yaml
	@mkdir -p build
	@$(BIN)/winset brief cases/alaska-2025.yaml -o build/alaska-2025.html
	@echo "The same brief as a page: $(CURDIR)/build/alaska-2025.html"

test: lint  ## all checks
	$(BIN)/python -m pytest -n 2

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: .venv/dev  ## measured against peers; writes results.md, sweep.md and standoff.md there
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/sweep.py
	$(BIN)/python -m benchmarks.standoff

fuzz: .venv/dev  ## a minute for each reader of users' files
	$(INSTALL) -e '.[fuzz]'
	$(BIN)/python fuzz/fuzz_loader.py -max_total_time=60 -timeout=10
	$(BIN)/python fuzz/fuzz_import.py -max_total_time=60 -timeout=10

docs: .venv/dev  ## write the generated pages again
	$(BIN)/python docs/make_reference.py

.venv/made:
	@test -n "$(PYTHON)" || { echo "Winset needs Python 3.11 or newer; none was found. Set PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/core: .venv/made pyproject.toml constraints.txt
	@echo "installing Winset into .venv (once)"
	@$(INSTALL) -e .
	@touch $@

.venv/dev: .venv/core
	@echo "installing the checks into .venv (once)"
	@$(INSTALL) -e '.[dev]'
	@touch $@

clean:
	rm -rf .venv build
