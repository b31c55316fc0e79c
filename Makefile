# `make lab` races every approach; `make test` runs every test; `make preflight` says what is missing. `make help` lists the rest.
# The README has the line that installs what must be there: Rust (Cargo.toml names the oldest), a C and a C++ compiler, and
# CPython 3.9 or later with venv and headers. Everything else is installed into .venv.

# Steps that can go two at a time are started by steps.py, which keeps the output of each apart.
.NOTPARALLEL:

PYTHON ?= python3
ARGS ?=
RUN ?=
EXPLAIN ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
STEPS := $(PYTHON) python-tests/front_door/steps.py
PYTEST = $(STEPS) tidily $(BIN)/python -m pytest --junitxml=target/logs/$@.xml
INTERPRETER := $(abspath $(BIN))/python

# One interpreter for both binding libraries.
export PYO3_PYTHON := $(INTERPRETER)
export PYTHON_SYS_EXECUTABLE := $(INTERPRETER)
export VIRTUAL_ENV := $(abspath $(VENV))
# Where rustup puts Rust: a shell that was open before has it not on its PATH.
export PATH := $(abspath $(BIN)):$(PATH):$(or $(CARGO_HOME),$(HOME)/.cargo)/bin

WHEELS := $(VENV)/wheels
WHEEL = $(PIP) wheel --verbose --no-build-isolation --no-deps --wheel-dir $(WHEELS)
BUILDS = 'Building doubles_pyo3 (some three minutes; the last step takes the longest)' $(WHEELS)/pyo3 \
	'Building doubles_cpython (a minute; the last step takes the longest)' $(WHEELS)/cpython
RUST_SOURCES := Cargo.toml Cargo.lock $(shell find crates bindings -name '*.rs' -o -name 'Cargo.toml' -o -name '*.pyi' \
	-o -name 'pyproject.toml' -o -name 'setup.py' -o -path 'bindings/*/python/*.py')
REQUIREMENTS := bindings/requirements.txt python-tests/requirements.txt benches/lab/requirements.txt
SITE := target/site
COMPILE = UV_CUSTOM_COMPILE_COMMAND='make requirements' $(BIN)/uv pip compile --quiet --universal \
	--generate-hashes --no-annotate $(ARGS)
# PySpark's client, in plain Python, has no wheel.
CONTENDERS := $(PIP) install --no-deps --no-build-isolation --only-binary :all: --no-binary pyspark-client --require-hashes -r
# What is not needed to build or test: each is installed the first time that it is asked for.
TOOLS := target/trust/tools
DENY_VERSION := 0.20.2
DENY = $(TOOLS)/bin/cargo-deny
HYPERLINK_VERSION := 0.3.2
HYPERLINK = $(TOOLS)/bin/hyperlink
CYCLONEDX_VERSION := 0.5.9
CYCLONEDX = $(TOOLS)/bin/cargo-cyclonedx
ADVISORIES := https://github.com/RustSec/advisory-db
MANIFESTS = $(patsubst %.lock,%.toml,$(shell git ls-files 'Cargo.lock' '**/Cargo.lock'))
REMAP := --remap-path-prefix=$(CURDIR)=. --remap-path-prefix=$(or $(CARGO_HOME),$(HOME)/.cargo)=cargo
REPRODUCIBLY = umask 022 && SOURCE_DATE_EPOCH=$(or $(shell git log -1 --format=%ct 2>/dev/null),315532800) \
	CARGO_TARGET_DIR=$(CURDIR)/target/wheels RUSTFLAGS='$(REMAP)'
# Modules that a macro declares, and fuzz targets, a workspace of their own: `cargo fmt` does not find them.
BACKENDS := $(filter-out %/mod.rs,$(wildcard crates/doubles-core/src/arch/*.rs)) $(wildcard crates/doubles-core/fuzz/targets/*.rs)
RUST_TESTED := -p doubles-core -p doubles-capi -p doubles-bench
RUST_ALL := --workspace --all-targets --features doubles-core/rayon --locked
# The stable ABI is a feature that would reach the other bindings too, which need more than it has.
RUST_ABI3 := -p doubles-variants-pyo3 -p doubles-pyo3 --all-features --locked

.PHONY: help preflight environment lab verify explain report upkeep article bench roofline docs docs-numbers docs-links record record-race record-atlas record-operations record-calls record-roofline record-scale record-example test test-rust test-python test-lab test-tutorial test-docs test-matrix trust trust-breaks fuzz lint fmt bindings clean requirements deny sboms wheels dist release-check release-breaks hyperlink front-door
.DELETE_ON_ERROR:

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo '  PYTHON=python3.12 make ...      another Python, on a fresh .venv'
	@echo '  make lab ARGS="--full"          options for doubles-lab run (see doubles-lab run --help)'

# Once, and before everything else.
preflight: ## Check in a second whether everything needed is there, and say how to install what is not
	@$(if $(filter done,$(PREFLIGHT)),,PYTHON='$(PYTHON)' sh python-tests/front_door/preflight.sh $(MAKECMDGOALS))

lab: $(VENV)/lab ## Race every approach in some two minutes and write table, chart and files to results/ (ARGS=--full for more rounds)
	$(BIN)/doubles-lab run --quick $(ARGS)

verify: $(VENV)/lab ## Show where approaches disagree; fail if one breaks its own word
	$(BIN)/doubles-lab verify $(ARGS)

explain: $(VENV)/lab ## Answer what a call costs, when native pays off and more (some twenty minutes)
	$(BIN)/doubles-lab explain $(ARGS)

# Beside the saved run: results/2026-01-01T12-00-00.html.
report: $(VENV)/lab ## Make the HTML page of a saved run: make report RUN=results/TIME.json
	@test -n "$(RUN)" || { echo 'which run? make report RUN=results/TIME.json' >&2; exit 2; }
	$(BIN)/doubles-lab report $(RUN) --html $(basename $(RUN)).html $(if $(EXPLAIN),--explain $(EXPLAIN)) $(ARGS)

article: $(VENV)/lab ## Print the 2017 article's table, by pytest-benchmark
	$(BIN)/python -m pytest benches/lab/article $(ARGS)

bench: ## Run the Criterion benchmarks of the core (some five minutes)
	cargo bench --locked -p doubles-bench $(if $(ARGS),-- $(ARGS))

roofline: $(VENV)/lab ## Measure and draw the core beside the speed of memory (some six minutes)
	@mkdir -p results/roofline
	cargo run --release --locked --quiet -p doubles-bench --bin roofline -- $(ARGS) > results/roofline/roofline.json
	$(BIN)/python benches/criterion/roofline.py results/roofline/roofline.json results/roofline

# Each file holds what it needs for every Python and system that is supported, with the hashes of every file on the index.
# Versions stay where they are as long as they fit; a package is named in the .in file. ARGS=--upgrade takes the newest.
# The site's are not held to the lab's: under Python 3.10 MyST needs an older markdown-it-py than the lab has, which does too.
requirements: $(VENV)/requirements ## Pin the Python dependencies anew, with hashes: make requirements ARGS=--upgrade
	$(PIP) --quiet install --require-hashes -r benches/lab/upkeep.txt
	$(COMPILE) --python-version 3.7 bindings/requirements.in -o bindings/requirements.txt
	$(COMPILE) --python-version 3.7 python-tests/requirements.in -c bindings/requirements.txt -o python-tests/requirements.txt
	$(COMPILE) --python-version 3.9 benches/lab/requirements.in $(addprefix -c ,$(wordlist 1,2,$(REQUIREMENTS))) -o benches/lab/requirements.txt
	$(COMPILE) --python-version 3.9 benches/lab/contenders.in $(addprefix -c ,$(REQUIREMENTS)) -o benches/lab/contenders.txt
	$(COMPILE) --python-version 3.9 benches/lab/upkeep.in $(addprefix -c ,$(REQUIREMENTS)) -o benches/lab/upkeep.txt
	$(COMPILE) --python-version 3.9 docs/requirements.in $(addprefix -c ,$(wordlist 1,2,$(REQUIREMENTS))) -o docs/requirements.txt
	$(COMPILE) --python-version 3.9 python-tests/release.in $(addprefix -c ,$(REQUIREMENTS)) -o python-tests/release.txt

# rustdoc has a directory of its own, since it keeps what it once made.
docs: $(VENV)/docs ## Make the documentation as a site that needs no server and no network
	@echo "Making the site (a minute) ..."
	@$(MAKE) --no-print-directory --silent docs-numbers ARGS=
	rm -rf $(SITE) target/rustdoc/doc
	RUSTDOCFLAGS='-D warnings' cargo doc --quiet --locked --no-deps --all-features --target-dir target/rustdoc \
		-p doubles-core -p doubles-capi
	$(BIN)/sphinx-build -E -W --keep-going -n -q -d target/doctrees -c docs/site . $(SITE)
	cp -R target/rustdoc/doc $(SITE)/rust
	cp docs/site/rust.html $(SITE)/rust/index.html
	cp docs/results/letters/report.html docs/results/letters/run.* $(SITE)/docs/results/letters
	cp docs/results/atlas/atlas.html docs/results/atlas/*.svg $(SITE)/docs/results/atlas
	@echo 'the site: file://$(abspath $(SITE))/index.html'

# Not a part of any test: what others keep is theirs to break.
docs-links: docs ## Check the links of the site to elsewhere, where there is a network
	@if ! $(BIN)/python -c 'import urllib.request; urllib.request.urlopen("https://www.python.org", timeout=10)' 2> /dev/null; then \
		echo 'links to elsewhere: NOT CHECKED, there is no network from here'; \
	else \
		$(BIN)/sphinx-build -q -b linkcheck -d target/doctrees -c docs/site . target/links; \
	fi

upkeep: $(VENV)/lab ## Look up releases and advisories of what the approaches depend on
	$(PIP) --quiet install --require-hashes -r benches/lab/upkeep.txt
	$(BIN)/python -m doubles_lab.ownership.upkeep $(ARGS)

record: record-race record-atlas record-operations record-calls record-roofline record-scale record-example ## Record a race, the answers and a roofline in docs/results, as the README shows them

# One or two of each approach, for the picture in the README.
SHORT := python-zip python-bigint re-best numpy-frombuffer numpy-array-best numba-str numba-array-best cython-best \
	c-swig-length cffi-api ctypes-encode polars-best pyo3-once rust-cpython-count-doubles pyo3-count-doubles
# What stands above the recorded results.
RACE_HEAD := '\# A million random letters' 'As one page, with charts to point at and filters: <a href="report.html">report.html</a>. Every \
	sample: [run.json](run.json), in the format of pyperf.'
ANSWERS_HEAD := '\# Answers' 'What `doubles-lab explain` measured beside [the race](README.md); all of it: [run.explain.json](run.explain.json).'

# A new race, or the one that RUN names by its saved file: make record-race RUN=results/2026-01-01T12-00-00.json
# EXPLAIN names the saved answers that go with it, if they do not lie beside it under its name. A new race has new answers.
record-race: $(VENV)/lab
	@set -e; run="$(RUN)"; explain="$(EXPLAIN)"; \
	if [ -z "$$run" ]; then \
		rm -rf results/record; $(BIN)/doubles-lab run --case article --output results/record; \
		run=$$(ls results/record/*.summary.json); run=$${run%.summary.json}.json; \
		$(BIN)/doubles-lab explain --output results/record; explain=$$(ls results/record/*.explain.json); \
	fi; \
	stem=$${run%.*}; name=$$(basename $$stem); to=results/letters; \
	rm -rf $$to; mkdir -p $$to; \
	{ printf '%s\n\n' $(RACE_HEAD); sed "s/$$name-article/chart/" $$stem.md; } > $$to/README.md; \
	for file in json csv summary.json; do cp $$stem.$$file $$to/run.$$file; done; \
	cp $$stem-article.svg $$to/chart.svg; \
	if [ -e $$stem.verify.json ]; then cp $$stem.verify.json $$to/run.verify.json; fi; \
	if [ -z "$$explain" ]; then explain=$$stem.explain.json; fi; \
	if [ -e $$explain ]; then \
		cp $$explain $$to/run.explain.json; \
		{ printf '%s\n\n' $(ANSWERS_HEAD); cat $${explain%.json}.md; } > $$to/answers.md; \
	fi; \
	$(BIN)/doubles-lab report $$to/run.json --html $$to/report.html > /dev/null; \
	$(BIN)/doubles-lab report $$to/run.json $(addprefix --contender ,$(SHORT)) --output results/short > /dev/null; \
	mv results/short/run-article.svg $$to/short.svg; rm -r results/short; \
	rm -rf docs/results/letters; mv $$to docs/results/letters

# Goes on where it was interrupted; make record-atlas ARGS=--again measures all anew.
record-atlas: $(VENV)/lab
	$(BIN)/doubles-lab atlas --output docs/results/atlas $(ARGS)

record-operations: $(VENV)/lab
	@set -e; made=results/record-operations; rm -rf $$made; \
	$(BIN)/doubles-lab explain operations --charts --output $$made; \
	stem=$$(ls $$made/*.explain.json); stem=$${stem%.explain.json}; name=$$(basename $$stem); \
	to=docs/results/operations; rm -rf $$to; mkdir -p $$to; \
	{ printf '# What the other operations cost\n\nMade by `make record-operations`.\n\n'; \
		sed "s/$$name.operations-/chart-/" $$stem.explain.md; } > $$to/README.md; \
	cp $$stem.explain.json $$to/run.explain.json; \
	for chart in $$stem.operations-*.svg; do cp $$chart $$to/chart-$${chart##*-}; done

record-calls: $(VENV)/lab
	@mkdir -p results
	$(BIN)/doubles-lab calls --output results/calls.md
	{ printf '%s\n\n' '# What a call costs'; cat results/calls.md; } > docs/results/calls.md

record-roofline: roofline
	rm -rf docs/results/roofline
	mkdir -p docs/results
	cp -r results/roofline docs/results/roofline

record-scale: $(VENV)/lab
	$(BIN)/python benches/scale/profile_recipes.py --output docs/results/scale.md

record-example: $(VENV)/lab
	rm -rf docs/results/example
	$(BIN)/python docs/example/follow.py docs/results/example

# Needs no contender and no binding, so not the installed lab either.
docs-numbers: $(VENV)/requirements ## Write recorded numbers, and the files they show, into the pages (ARGS=--check compares)
	PYTHONPATH=benches/lab:benches/criterion $(BIN)/python docs/quoting.py $(ARGS)

# Not by its name in the recipe, where it would be run by `make --dry-run` too.
THIS_MAKE := $(MAKE)

# Two at once where one would leave processors idle: linking the bindings keeps one busy, and downloads none.
test: preflight ## Run every test (some fifteen minutes, and ten more for the first time)
	@$(STEPS) targets '$(THIS_MAKE)' 'test-rust environment hyperlink' test-lab 'test-tutorial test-python test-docs verify'

test-rust: | preflight ## Run the tests of the core and of its C ABI (some three minutes)
	$(STEPS) tidily env PROPTEST_CASES=$(or $(PROPTEST_CASES),20000) cargo test --locked $(RUST_TESTED) --all-features
	$(STEPS) tidily cargo test --locked -p doubles-core --no-default-features --lib --test backends --test sweeps
	$(STEPS) tidily cargo test --locked -p doubles-core --no-default-features --doc

test-python: $(VENV)/bindings ## Run the contract suite of both bindings (a minute)
	$(PYTEST) python-tests -n auto $(ARGS)

test-lab: $(VENV)/lab ## Run the tests of the lab (some nine minutes)
	$(PYTEST) benches/lab/tests -n auto $(ARGS)

test-tutorial: $(VENV)/lab ## Do every step of docs/tutorial as its reader would, and check the numbers on the pages (some four minutes)
	$(PYTEST) docs/tests $(ARGS)

# What rustdoc writes for programs is not yet in a stable release, which can be told to write it all the same.
test-docs: docs $(VENV)/requirements hyperlink ## Make the site and check its links (two minutes)
	RUSTC_BOOTSTRAP=1 cargo rustdoc --quiet --locked --all-features --target-dir target/rustdoc -p doubles-core -- \
		-Z unstable-options --output-format json
	DOUBLES_HYPERLINK=$(abspath $(HYPERLINK)) $(PYTEST) docs/site/tests $(ARGS)

hyperlink: $(TOOLS)/hyperlink-$(HYPERLINK_VERSION)

test-matrix: $(VENV)/lab ## Build and test both bindings for every Python that is found: make test-matrix ARGS="3.9 3.13"
	cd python-tests && $(INTERPRETER) -m trust.bindings.matrix $(ARGS)

front-door: ## Try the README's commands in a minimal Debian, and with each thing missing (needs root and debootstrap)
	$(PYTHON) python-tests/front_door/minimal.py $(ARGS)

trust: $(VENV)/lab ## Run the long tests and print one table (several hours): make trust ARGS="fuzz --share 0.1"
	cd python-tests && $(INTERPRETER) -m trust $(ARGS)

trust-breaks: $(VENV)/lab ## Break the code once for each long test, in a copy, and show that it fails (over an hour)
	cd python-tests && $(INTERPRETER) -m trust.breaks $(ARGS)

fuzz: $(VENV)/requirements ## Fuzz the core, half a minute a target: make fuzz ARGS="--share 1" for five
	cd python-tests && $(INTERPRETER) -m trust fuzz --share 0.1 $(ARGS)

deny: $(TOOLS)/cargo-deny-$(DENY_VERSION) ## Check licences, sources, banned crates and advisories of all Rust dependencies
	@set -e; for manifest in $(MANIFESTS); do \
		echo "$$manifest:"; $(DENY) --manifest-path $$manifest --config deny.toml check bans licenses sources; \
	done
	@if ! $(DENY) --config deny.toml fetch db > /dev/null 2>&1; then \
		echo 'advisories: NOT CHECKED, $(ADVISORIES) cannot be fetched from here'; \
	else \
		set -e; for manifest in $(MANIFESTS); do \
			echo "$$manifest:"; $(DENY) --offline --manifest-path $$manifest --config deny.toml check advisories; \
		done; \
	fi

# What each wheel is made of, without the directory that it was made in.
sboms: $(TOOLS)/cargo-cyclonedx-$(CYCLONEDX_VERSION)
	$(CYCLONEDX) cyclonedx --quiet --format json --all --manifest-path bindings/cpython/Cargo.toml
	cp bindings/pyo3/doubles-pyo3.cdx.json bindings/pyo3/doubles-pyo3-abi3.cdx.json
	$(CYCLONEDX) cyclonedx --quiet --format json --all --features arrow --manifest-path bindings/pyo3/Cargo.toml
	mv bindings/pyo3/doubles-pyo3.cdx.json bindings/pyo3/doubles-pyo3-arrow.cdx.json
	sed -i.path 's|path+file://$(CURDIR)|path+file://|g' bindings/*/*.cdx.json

# The same bytes from the same commit, in whatever directory: no path, no time and no order of the file system is in them.
wheels: $(VENV)/lab $(TOOLS)/cargo-cyclonedx-$(CYCLONEDX_VERSION) ## Build the wheels into dist for one Python and this machine, reproducibly, with their SBOMs
	rm -rf dist bindings/cpython/build
	$(REPRODUCIBLY) $(MAKE) --no-print-directory sboms
	$(REPRODUCIBLY) $(BIN)/maturin build --quiet --release --locked --manifest-path bindings/pyo3/Cargo.toml --features arrow \
		--interpreter $(INTERPRETER) --sbom-include $(CURDIR)/bindings/pyo3/doubles-pyo3-arrow.cdx.json --out dist
	$(REPRODUCIBLY) $(PIP) --quiet wheel --no-build-isolation --no-deps --no-cache-dir --wheel-dir dist ./bindings/cpython ./benches/lab

dist: $(VENV)/release ## Build into dist what is published: wheels for every Python found and for old Linux, source distributions
	$(REPRODUCIBLY) $(MAKE) --no-print-directory sboms
	cd python-tests && $(REPRODUCIBLY) $(INTERPRETER) -m trust.release.building $(ARGS)

release-check: $(VENV)/release ## Try everything short of uploading, and print one table: make release-check ARGS=crate
	rm -rf dist
	$(REPRODUCIBLY) $(MAKE) --no-print-directory sboms
	cd python-tests && $(REPRODUCIBLY) $(INTERPRETER) -m trust.release $(ARGS)

release-breaks: $(VENV)/release ## Break each thing that release-check looks at, in a copy, and show that its row fails
	cd python-tests && $(INTERPRETER) -m trust.release.breaks $(ARGS)

# Not optimised: each runs for a second or two, and takes a minute to optimise.
$(TOOLS)/cargo-% $(TOOLS)/hyperlink-%: | preflight
	cargo install --locked --debug --root $(TOOLS) $(shell echo $(@F) | sed 's/-\([0-9.]*\)$$/ --version \1/')
	@touch $@

lint: $(VENV)/lab ## Check format, clippy, ruff and mypy
	cargo fmt --all --check
	rustfmt --check --edition 2024 $(BACKENDS)
	cargo clippy $(RUST_ALL) -- -D warnings
	cargo clippy $(RUST_ABI3) -- -D warnings
	$(BIN)/ruff check benches docs python-tests bindings
	$(BIN)/ruff format --check benches docs python-tests bindings
	cd benches/lab && $(abspath $(BIN))/mypy

fmt: $(VENV)/requirements ## Format all code
	cargo fmt --all
	rustfmt --edition 2024 $(BACKENDS)
	$(BIN)/ruff format benches docs python-tests bindings

bindings: $(VENV)/bindings ## Build and install both bindings into .venv

clean: ## Remove what was built: target, .venv, caches
	cargo clean
	rm -rf $(VENV) benches/lab/.cache results

environment: $(VENV)/lab ## Install both bindings, the lab and all that they need into .venv (some eight minutes)

# Nothing of an environment whose Python is gone. rust-cpython knows the Python that it was built for by its path alone,
# which is the same for each.
$(BIN)/python: | preflight
	$(PYTHON) -m venv --clear $(VENV)
	-@for place in target target/cpython; do if [ -d $$place/release ]; then \
		cargo clean --quiet --release --locked --target-dir $$place -p python3-sys -p cpython; \
	fi; done

$(VENV)/requirements: $(REQUIREMENTS) | $(BIN)/python
	@$(STEPS) run 'Downloading the Python packages (some two minutes)' -- \
		$(PIP) install --require-hashes $(addprefix -r ,$(REQUIREMENTS))
	@touch $@

# All at once, or else each on its own: a contender whose package has no wheel for this Python is a row that says so,
# not a failure. The file lists what each needs, too.
$(VENV)/contenders: benches/lab/contenders.txt $(VENV)/requirements
	@$(STEPS) run 'Installing what the contenders need (some two minutes)' -- $(CONTENDERS) $< || \
	sed -e ':join' -e '/\\$$/N; s/\\\n *//; t join' -e '/^ *#/d' $< | while read -r requirement; do \
		echo "$$requirement" > $(VENV)/requirement.txt; \
		$(CONTENDERS) $(VENV)/requirement.txt || \
			echo "not installed: $${requirement%% *}"; \
	done
	@touch $@

# With Arrow columns, which a plain `pip install ./bindings/pyo3` leaves out.
$(WHEELS)/pyo3: $(RUST_SOURCES) $(VENV)/requirements
	rm -f $(WHEELS)/doubles_pyo3-*
	MATURIN_PEP517_ARGS='--features arrow' $(WHEEL) ./bindings/pyo3
	@touch $@

# In a directory of Cargo's own, so that the other need not wait for it. rust-cpython does not know Python 3.14.
$(WHEELS)/cpython: $(RUST_SOURCES) $(VENV)/requirements
	rm -f $(WHEELS)/doubles_cpython-*
	if $(BIN)/python -c 'import sys; sys.exit(sys.version_info >= (3, 14))'; then \
		CARGO_TARGET_DIR=$(CURDIR)/target/cpython $(WHEEL) ./bindings/cpython; \
	fi
	@touch $@

# Of these steps the last one of each build keeps one processor alone busy. One pip at a time changes .venv.
$(VENV)/parts: $(RUST_SOURCES) benches/lab/contenders.txt $(VENV)/requirements
	@$(STEPS) together '$(THIS_MAKE)' $(BUILDS) 'Installing and building the contenders (some three minutes)' $(VENV)/built
	@touch $@

# A contender that cannot be built is a row of the race that says why. What changes is built by the race that needs it. One
# at a time, since the longest step of all goes on beside it.
$(VENV)/built: $(VENV)/installed
	-$(BIN)/doubles-lab build --jobs 1
	@touch $@

$(VENV)/bindings: $(RUST_SOURCES) $(VENV)/requirements
	@$(STEPS) together '$(THIS_MAKE)' $(BUILDS)
	@$(STEPS) run 'Installing both bindings (some seconds)' -- \
		$(PIP) install --no-deps --no-index --force-reinstall $(WHEELS)/*.whl
	@touch $@

$(VENV)/docs: docs/requirements.txt | $(BIN)/python
	@$(STEPS) run 'Downloading what makes the site (half a minute)' -- $(PIP) install --require-hashes -r $<
	@touch $@

# What packages are built for other machines and looked at with.
$(VENV)/release: python-tests/release.txt $(VENV)/lab
	@$(STEPS) run 'Downloading what checks a release (a minute)' -- $(PIP) install --require-hashes -r python-tests/release.txt
	@touch $@

# Compiled here, since the processes that race write no bytecode.
$(VENV)/installed: benches/lab/pyproject.toml $(VENV)/contenders
	@$(STEPS) run 'Installing the lab (some seconds)' -- $(PIP) install --no-build-isolation --no-deps -e benches/lab
	$(BIN)/python -m compileall -q benches/lab/doubles_lab
	@touch $@

$(VENV)/lab: $(VENV)/parts $(VENV)/bindings $(VENV)/installed
	@touch $@
