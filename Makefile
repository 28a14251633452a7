# tamizdat: two commands do everything, `make demo` and `make test`.
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-sqlite test-postgres journeys law kill bench bench-publish bench-page bench-ask bench-import bench-fund bench-figures bench-abuse bench-mail bench-experiments bench-flood mutants lint types check audit wheel clean
export UV_PROJECT_ENVIRONMENT := .venv
# Where this is set, each of the many processes that run below would compile Django anew.
unexport PYTHONDONTWRITEBYTECODE
PORT ?= 8000
PYTHON ?= python3
UV := .venv/bin/uv
RUN := .venv/bin
# Money, addresses and everything that takes part in a transaction runs on PostgreSQL too.
ON_BOTH := tests/editions tests/lib tests/ledger tests/payments tests/funding tests/killing tests/appeals tests/figures tests/newsletters tests/demo_bank
WORKERS ?= 2
LAW := tests/funding/test_law_at_large.py
LAW_STEPS ?= 50000

help: ## list the targets, a line each
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "%-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(UV): # uv comes from PyPI into the environment that it then fills
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "tamizdat needs Python 3.11 or newer; $$($(PYTHON) --version) is too old. Try make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	$(RUN)/pip install --quiet --disable-pip-version-check uv

.venv/.product: $(UV) uv.lock # what it takes to run
	$(UV) sync --quiet --frozen --no-dev --inexact
	@touch $@

.venv/.tests: $(UV) uv.lock # what it takes to test, a browser included
	$(UV) sync --quiet --frozen --inexact
	@touch $@ .venv/.product

setup: .venv/.tests ## install everything a developer needs
	@$(RUN)/python -m tests.browser

demo: .venv/.product ## make a newsroom with stories and gifts, bake it, serve it (PORT=8000)
	@exec $(RUN)/tamizdat demo --home var/newsroom --port $(PORT)

test: test-sqlite test-postgres journeys ## install what tests need and run them all

test-sqlite: setup ## the tests on SQLite
	$(RUN)/pytest -q -n $(WORKERS) --dist loadgroup -m "not journey"

test-postgres: setup ## what handles money and addresses, on a real PostgreSQL
	TAMIZDAT_TEST_DATABASE=postgres $(RUN)/pytest -q -n $(WORKERS) --dist loadgroup -m "not journey" $(ON_BOTH)

journeys: setup ## people's journeys in a real browser, with and without JavaScript
	$(RUN)/pytest -q -n $(WORKERS) --dist loadfile -m journey --ignore tests/theme
	$(RUN)/pytest -q -n $(WORKERS) --dist loadfile -m journey tests/theme # browsers of their own

bench: setup ## measure baking, publishing, serving and bytes; its part of docs/benchmarks.md
	$(RUN)/python -m tests.bench

bench-publish: setup ## baking and publishing beside Hugo and wagtail-bakery (STORIES=1000,10000,100000)
	$(RUN)/python -m tests.bench.publish

bench-page: setup ## measure what a reader waits for at Fast 3G; its part of docs/benchmarks.md
	$(RUN)/python -m tests.bench.reading

bench-ask: setup ## measure how long a slow telephone takes to choose what is asked; its part of docs/benchmarks.md
	$(RUN)/python -m tests.bench.asking

bench-import: setup ## measure importing archives; its part of docs/benchmarks.md (EXPORTS="1000 10000 1GB")
	$(RUN)/python -m tests.bench.importing

bench-abuse: setup ## an attack of 20,000 attempts on the give pages; its part of docs/benchmarks.md (ATTEMPTS=20000)
	$(RUN)/python -m tests.bench.abuse

bench-experiments: setup ## simulate experiments; the figures and the picture of docs/experiments.md (RUNS=2000)
	$(RUN)/python -m tests.bench.experiments

bench-flood: setup ## a million forged counts of an experiment; its part of docs/benchmarks.md (POSTS=1000000)
	$(RUN)/python -m tests.bench.flood

bench-mail: setup ## a newsletter to 20,000 addresses, workers killed; its part of docs/benchmarks.md (ADDRESSES=20000)
	$(RUN)/python -m tests.bench.newsletter

bench-fund: setup ## webhooks beside dj-stripe, a morning of dues, reports; its part of docs/benchmarks.md (EVENTS=5000 PLEDGES=100000 ENTRIES=5000000)
	$(RUN)/python -m tests.bench.fund

bench-figures: setup ## the desk's figures over a million gifts; its part of docs/benchmarks.md (ENTRIES=1000000)
	$(RUN)/python -m tests.bench.figures

law: setup ## the law of the money with everybody at once, 50,000 acts on each database; an hour
	LAW_STEPS=$(LAW_STEPS) $(RUN)/pytest -q -s $(LAW)
	LAW_STEPS=$(LAW_STEPS) TAMIZDAT_TEST_DATABASE=postgres $(RUN)/pytest -q -s $(LAW)

kill: setup ## kill -9 web servers and workers during 5,000 payments, on each database (PAYMENTS=5000 SEED=1)
	$(RUN)/python -m tests.killing

mutants: setup ## break what should hold and see which test notices (WHICH=ENGINE or MONEY); half an hour
	$(RUN)/python -m tests.mutations $(WHICH)

lint: setup ## style, and who may import whom
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/lint-imports --no-cache

types: setup ## mypy, strict
	$(RUN)/mypy

audit: setup ## known holes in what we depend on
	$(UV) export --quiet --frozen --no-emit-project --format requirements-txt > .venv/requirements.txt
	$(RUN)/pip-audit --strict --disable-pip --requirement .venv/requirements.txt

check: lint types test ## everything CI runs

wheel: $(UV) ## build the wheel into dist/
	$(UV) build --quiet --wheel

clean: ## remove what was built; the demo newsroom in var/ goes too
	rm -rf .venv var dist
