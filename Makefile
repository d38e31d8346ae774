# What people and machines do with this repository. `make` alone lists it; each verb sets up what it needs.
export VENV ?= .venv
FUZZ_SECONDS ?= 60
PYTEST_FLAGS ?=
export PATH := $(abspath $(VENV))/bin:$(PATH)
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command 'make lock' --group build pyproject.toml
DEV := $(VENV)/installed-dev.txt
FUZZ := $(VENV)/installed-fuzz.txt

.DEFAULT_GOAL := help
.PHONY: help setup check test engines fix docs bench fuzz lock

help: ## list these verbs
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

$(DEV): lock/dev.txt pyproject.toml
	./setup --dev

$(FUZZ): lock/fuzz.txt pyproject.toml
	./setup --fuzz

setup: ## everything for working on the code, into .venv
	./setup --dev

check: $(DEV) ## style, types, import contracts, docs without a warning
	ruff check .
	ruff format --check .
	mypy
	lint-imports --no-cache
	$(MAKE) docs

test: $(DEV) ## every test
	pytest -n auto -m 'not engines' $(PYTEST_FLAGS)
	$(MAKE) engines

engines: $(DEV) ## the tests on real engines, which they start in namespaces of their own (root, docker.io, iptables)
	pytest -m engines -n 3 --dist loadfile --no-loadscope-reorder $(PYTEST_FLAGS)

fix: $(DEV) ## mend what tools can mend
	ruff check --fix .
	ruff format .

docs: $(DEV) ## docs/_build/html
	sphinx-build -q -W --keep-going -b html docs docs/_build/html

bench: $(DEV) ## measure translation, beside a kompose on the PATH; operating, where ENGINE, MANAGER and IMAGE are given
	$(if $(ENGINE),python benchmarks/operate.py --engine $(ENGINE) --manager "$(MANAGER)" --image $(IMAGE),python benchmarks/translate.py)

fuzz: $(FUZZ) ## feed the loader random bytes for FUZZ_SECONDS
	python fuzz/loader.py -max_total_time=$(FUZZ_SECONDS)

lock: ## choose versions anew within pyproject.toml's ranges (needs uv)
	$(LOCK) -o lock/dev.txt --upgrade --extra dev --extra docs
	$(LOCK) -o lock/use.txt --upgrade --constraint lock/dev.txt
	$(LOCK) -o lock/fuzz.txt --upgrade --constraint lock/dev.txt --extra dev --extra docs --extra fuzz
