# One place for every command; `make help` lists them. Everything runs in .venv, made here from the locked requirements.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST = $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4
LINTERS := tools/lint/node_modules

.DEFAULT_GOAL := help
CHAPTER ?=
.PHONY: help html strict lint lint-python lint-web architecture pdf epub check format status paper claim evidence chapter resolve quick test mutants export links spell workflows changes record watch issues release screenshots bench lock newest fresh clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

html: $(VENV)/.book ## build the whole site into _build/html
	@$(BIN)/python -m livingreview build

strict: $(VENV)/.book ## build the site, every warning an error
	@$(BIN)/python -m livingreview build --strict

pdf: $(VENV)/.book ## set the book as PDF (CHAPTER=<slug>: one chapter); needs LaTeX
	@$(BIN)/python -m livingreview pdf $(if $(CHAPTER),--chapter $(CHAPTER))

epub: $(VENV)/.book ## build the book as EPUB
	@$(BIN)/python -m livingreview epub

check: $(VENV)/.book ## check data, citations and chapters (seconds, no build)
	@$(BIN)/python -m livingreview check

format: $(VENV)/.book ## write tables and bibliography in the one form that the check asks for
	@$(BIN)/python -m livingreview format

status: $(VENV)/.book ## show what is covered, stale and open
	@$(BIN)/python -m livingreview status

paper: $(VENV)/.book ## add a paper to the bibliography: make paper P=<DOI, PMID, or file>
	@$(BIN)/python -m livingreview add-paper $(if $(P),"$(P)")

claim: $(VENV)/.book ## add a claim with its first evidence, asked for: make claim M=<mechanism>
	@$(BIN)/python -m livingreview new claim $(if $(M),"$(M)")

evidence: $(VENV)/.book ## add a paper's finding to a claim, asked for: make evidence C=<claim id>
	@$(BIN)/python -m livingreview new evidence $(if $(C),"$(C)")

chapter: $(VENV)/.book ## start a chapter on a new mechanism, asked for: make chapter M=<mechanism>
	@$(BIN)/python -m livingreview new chapter $(if $(M),"$(M)")

resolve: $(VENV)/.book ## list references to be identified, or propose papers for one: make resolve R="autophagy 17"
	@$(BIN)/python -m livingreview resolve $(R)

quick: $(VENV)/.tests ## run the tests that build nothing and open no browser (half a minute)
	@$(PYTEST) -m "not (build or book or browser or latex or slow or planted)" $(T)

test: $(VENV)/.tests ## run all tests (T=<file or folder>: those)
	@$(PYTEST) $(T)

newest: ## run the tests with the newest releases that the requirements allow, in .venv-newest
	@$(PYTHON) -m venv --clear $(VENV)-newest
	@sed '/^-c /d' requirements-dev.in >$(VENV)-newest/dev.in
	@$(VENV)-newest/bin/pip install --quiet --disable-pip-version-check -e . -r $(VENV)-newest/dev.in
	@touch $(VENV)-newest/.book $(VENV)-newest/.tests
	@$(VENV)-newest/bin/pip freeze
	@$(MAKE) --no-print-directory test VENV=$(VENV)-newest

fresh: ## run html and test on a new Debian with nothing but Python and make: F="--suite trixie", F=--help
	@tools/fresh_machine.sh $(F)

mutants: $(VENV)/.tests ## plant errors at random, and fail for one that no test sees (M=<mutants>: those); hours
	@$(BIN)/python tools/mutants.py $(M)

export: $(VENV)/.book ## write the evidence as one table into _build/exports
	@$(BIN)/python -m livingreview export

links: $(VENV)/.book ## check the links of the built site; EXTERNAL=1: those to other sites, too
	@$(BIN)/python -m livingreview links $(if $(EXTERNAL),--external)

lint: lint-python lint-web ## check rules, form, types and layers of the code

lint-python: $(VENV)/.tests ## of these, what concerns Python
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --quiet --check
	@said=$$($(BIN)/lint-imports --no-logo --no-cache 2>&1) || { echo "$$said"; exit 1; }
	@$(BIN)/python tools/draw_architecture.py --check
	@$(BIN)/mypy --no-error-summary

lint-web: $(LINTERS)/.package-lock.json ## lint scripts, styles and templates of the site; FIX=1: mend what can be mended
	@failed=; \
	$(BIN)/node $(LINTERS)/stylelint/bin/stylelint.mjs --config tools/lint/stylelint.config.js --ignore-path .gitignore --formatter unix $(if $(FIX),--fix) "**/*.css" || failed=1; \
	$(BIN)/node $(LINTERS)/eslint/bin/eslint.js --config tools/lint/eslint.config.js --format $(LINTERS)/eslint-formatter-unix/index.js $(if $(FIX),--fix) . || failed=1; \
	$(BIN)/djlint --lint --quiet --extension html . || failed=1; \
	$(BIN)/djlint --lint --quiet --extension jinja . || failed=1; \
	test -z "$$failed"

architecture: $(VENV)/.tests ## draw the picture in docs/architecture.md from the code
	@$(BIN)/python tools/draw_architecture.py

spell: $(VENV)/.tests ## look for misspellings in pages, data and documents
	@$(BIN)/typos --format brief --color never

workflows: $(VENV)/.tests ## check the workflows for GitHub
	@$(BIN)/python -m pytest tests/project

changes: $(VENV)/.book ## say what differs from another revision: SINCE=origin/main
	@$(BIN)/python -m livingreview changes --since "$${SINCE:-origin/main}"

record: $(VENV)/.book ## write what has changed into data/history.csv, before an edition
	@$(BIN)/python -m livingreview record

watch: $(VENV)/.book ## run the saved searches: new and retracted papers, in _build/watch
	@$(BIN)/python -m livingreview watch

issues: ## file what `make watch` found as issues on GitHub
	@$(PYTHON) tools/file_issues.py

release: $(VENV)/.book ## put an edition together in _build/release: VERSION=2026.12.1
	@$(BIN)/python tools/release.py --check "$$VERSION"
	@$(MAKE) --no-print-directory html export pdf epub
	@$(BIN)/python tools/release.py "$$VERSION"

screenshots: $(VENV)/.tests ## take the pictures in docs/screenshots from the built site
	@$(BIN)/python tools/screenshots.py

bench: $(VENV)/.tests ## time this build against plain Jupyter Book
	@$(BIN)/python benchmarks/build.py

lock: ## lock requirements.in and requirements-dev.in anew
	$(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/pip install --quiet uv
	$(VENV)-lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q --upgrade requirements.in -o requirements.txt
	$(VENV)-lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q --upgrade requirements-dev.in -o requirements-dev.txt

clean: ## remove what was built (the environment stays)
	rm -rf _build

$(VENV)/.book: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12")'
	@echo "Making the environment in $(VENV) (once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.tests: $(VENV)/.book requirements-dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(LINTERS)/.package-lock.json: tools/lint/package-lock.json | $(VENV)/.tests
	@$(BIN)/npm ci --loglevel=error --prefix tools/lint >/dev/null
