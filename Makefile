# Two commands are enough: `make run` and `make test`. `make` alone lists the rest.

SWIFT ?= swift
# What `make run` passes on: make run ARGS="my-app.yaml --nodes 5"
ARGS ?=
# What `make test` passes on: make test TESTS="--filter DataPlaneTests"
TESTS ?=

# What is formatted and linted.
SWIFT_SOURCES = Sources Tests themes demos Package.swift Benchmarks/Engine Benchmarks/Package.swift

# The tests compare the two builds of the program.
export KUBARIUM_DEBUG_BINARY = $(CURDIR)/.build/debug/kubarium
export KUBARIUM_RELEASE_BINARY = $(CURDIR)/.build/release/kubarium

.PHONY: help run test golden bench docs lint format check clean

help:
	@echo 'make run      build and open the dashboard; ARGS="FILE... --nodes 5" are passed on'
	@echo 'make test     everything that can be tested; TESTS="--filter NAME" for a part'
	@echo 'make golden   rewrite the golden files from what the program prints now'
	@echo 'make bench    the benchmarks'
	@echo 'make docs     the pictures and the recording in docs/, made by the program'
	@echo 'make lint     what style can be checked by machine'
	@echo 'make format   put the sources into that style'
	@echo 'make check    what CI runs: lint, then test'
	@echo 'make clean    remove what was built'

run:
	@scripts/require git swift cc ncursesw
	$(SWIFT) build -c release --product kubarium
	@.build/release/kubarium $(ARGS)

test:
	@scripts/require git swift cc ncursesw tmux
	@scripts/require --wanted ip iptables nft
	@scripts/require --wanted asciinema
	@scripts/players .build/players
	$(SWIFT) build -c release --product kubarium
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --disable-xctest $(TESTS)

golden:
	RECORD_GOLDENS=1 $(MAKE) test

bench:
	@scripts/require git swift cc ncursesw
	$(SWIFT) package --package-path Benchmarks benchmark --no-progress

docs:
	@scripts/require git swift cc ncursesw
	$(SWIFT) build -c release --product kubarium
	@scripts/docs .build/release/kubarium

lint:
	@scripts/require git swift
	$(SWIFT) format lint --strict --parallel --recursive $(SWIFT_SOURCES)
	@sh -n scripts/require
	@sh -n scripts/docs
	@sh -n scripts/players
	@bash -n .ci/run

format:
	@scripts/require swift
	$(SWIFT) format --in-place --parallel --recursive $(SWIFT_SOURCES)

check: lint test

clean:
	$(SWIFT) package clean
	$(SWIFT) package --package-path Benchmarks clean
