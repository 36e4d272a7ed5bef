# The template's own tasks; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-long test-all integration check fmt matrix bench

PYTHON ?= python3
BIN ?= .venv/bin
PORT ?= 5000
# What a test run may use; `make test ARGS="-k answers"` runs a part.
ARGS ?=

help: ## List the tasks
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: .venv/service/ready ## Make .venv with all that the template and its services need

.venv/ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --group dev --editable .
	touch $@

# Generated services are checked in this environment; it has what any variant declares.
.venv/service/ready: .venv/ready {{cookiecutter.project_slug}}/pyproject.toml
	.venv/bin/python -m tests.environments
	touch $@

demo: setup ## Bake the default service into demo/, install it, fill its database and serve it
	rm -rf demo
	$(BIN)/cookiecutter . --no-input --output-dir demo
	PATH="$(CURDIR)/$(BIN):$$PATH" $(MAKE) -C demo/flask-service setup
	cd demo/flask-service && .venv/bin/flask db upgrade && .venv/bin/flask seed
	@echo "Serving demo/flask-service on http://localhost:$(PORT)/api/docs; Ctrl+C stops it"
	cd demo/flask-service && exec .venv/bin/flask run --port $(PORT)

test: setup ## Test the template and its variants on SQLite; what passed is not repeated
	$(BIN)/python -m pytest -n 2 $(ARGS)

test-long: setup ## The same with every combination of three options, and one variant of the day
	SUITES=triples $(BIN)/python -m pytest -n 2 $(ARGS)

test-all: setup ## The same with the test suite of every variant of the code
	SUITES=all $(BIN)/python -m pytest -n 2 $(ARGS)

INTEGRATION := postgresql or mysql or schemathesis or browser or docker or faults
integration: setup ## Test on real servers: databases, generated requests, a browser, containers, faults
	$(BIN)/python -m pytest -n 2 -m "$(INTEGRATION)" $(ARGS)

check: setup ## Lint, format-check and type-check the template, unrendered
	$(BIN)/ruff check --no-cache .
	$(BIN)/ruff format --no-cache --check .
	$(BIN)/ty check
	$(BIN)/ty check --project "{{cookiecutter.project_slug}}" --python .venv/service

fmt: setup ## Format the template and fix what ruff can fix
	$(BIN)/ruff check --no-cache --fix .
	$(BIN)/ruff format --no-cache .

matrix: setup ## Print the variants as JSON for a CI matrix
	@$(BIN)/python -m tests.variants $(ARGS)

bench: setup ## Measure how fast all this is, and write it into benchmarks/README.md
	$(BIN)/python -m benchmarks $(ARGS)
