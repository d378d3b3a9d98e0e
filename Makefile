# `make demo` and `make test` do all the set-up there is. `make help` lists the rest.

CARGO ?= cargo
PYTHON ?= python3
# One folder for cargo, maturin and everything below, wherever they are started.
export CARGO_TARGET_DIR := $(abspath $(or $(CARGO_TARGET_DIR),target))

TARGET := $(CARGO_TARGET_DIR)
VENV := $(TARGET)/venv
LIB := $(TARGET)/debug
# Every feature but `aws-lc-rs`, which takes the place of ring: what is shipped is what is tested.
FEATURES := --features mlicense-core/schema,mlicense-ledger/postgres,mlicense-cli/postgres
# The Python module is built by maturin: as a module it does not link against Python.
WORKSPACE := --workspace --exclude mlicense-python $(FEATURES) $(CARGO_FLAGS)
XTASK := $(CARGO) run --quiet --package xtask $(CARGO_FLAGS) --

CXX ?= c++
WARNINGS := -Wall -Wextra -Wpedantic -Werror
SANITIZERS := -fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all
C_FLAGS := -std=c11 $(WARNINGS) -g -pthread $(SANITIZERS)
CXX_FLAGS := -std=c++17 $(WARNINGS) -g -pthread $(SANITIZERS)
C_HEADERS := $(wildcard include/*.h include/*.hpp ffi/tests/c/*.h)
C_PROGRAMS := $(patsubst %.c,$(TARGET)/c/%,$(wildcard ffi/tests/c/test_*.c)) \
	$(patsubst %.cpp,$(TARGET)/c/%,$(wildcard ffi/tests/c/test_*.cpp))
# The same without sanitizers, for valgrind.
C_PLAIN := $(patsubst ffi/tests/c/%.c,$(TARGET)/c/plain/%,$(wildcard ffi/tests/c/test_*.c))

ABI := $(shell sed -n 's/^.define MLICENSE_ABI_VERSION //p' include/mlicense.h)

# As C programs get it. With the kind of library that its tests in Rust need, cargo would not optimise
# it as a whole.
C_LIBRARY := $(CARGO) rustc --lib --crate-type cdylib --crate-type staticlib --package mlicense-ffi

# Where `make install` puts libmlicense, and how it is built: PROFILE=dev builds faster.
PREFIX ?= /usr/local
PROFILE ?= release
# The folder in which cargo leaves it.
BUILT := $(if $(filter dev,$(PROFILE)),debug,$(PROFILE))
export PREFIX LIBDIR INCLUDEDIR DESTDIR

# How often `make soak` does what ledger/tests/faults does less often in `make test`.
SOAK_FAULTS := KILLS=1000 IMAGES=10000 FLIPS=20000 ATTEMPTS=1000000 ATTEMPTS_POSTGRES=200000 \
	CUTS=1000 CRASHES=50

FUZZ_SECONDS ?= 60
FUZZ_TARGETS := $(patsubst fuzz/fuzz_targets/%.rs,%,$(wildcard fuzz/fuzz_targets/*.rs))
CARGO_FUZZ := $(TARGET)/tools/bin/cargo-fuzz
# Coverage without a sanitizer needs no nightly compiler, and the core has no unsafe code to watch.
FUZZ = $(CARGO) fuzz run --sanitizer none
FUZZ_FLAGS := -max_len=70000 -timeout=2 -rss_limit_mb=512 -dict=fuzz/json.dict -verbosity=0 \
	-print_final_stats=1

BENCHES := --manifest-path benches/Cargo.toml
BENCH_FLAGS ?= --warm-up-time 1 --measurement-time 3

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: help demo soak bench bench-c test test-rust test-aws-lc test-c test-python test-wheel c-deep c-abi \
	c-install c-cinstall c-valgrind c-cycles c-tsan abi docs-c install onec test-onec windows fuzz \
	fuzz-planted lint lint-rust lint-generated lint-python format header schemas python-classes docs-errors \
	docs-access deny build-small dist clean check build python

help: ## print this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' Makefile | expand -t 20

demo: check build python ## build what the demonstration needs and run it
	LIB=$(LIB) INCLUDE=$(CURDIR)/include BIN=$(LIB) PYTHON=$(VENV)/bin/python CC=$(CC) examples/run

test: test-rust test-aws-lc test-c test-onec test-python ## run every test: Rust, C, 1C and Python

test-rust: check ## run the tests of the Rust crates and of their documentation
	$(CARGO) test $(WORKSPACE)

test-aws-lc: check ## run the tests of signatures with AWS-LC in the place of ring
	$(CARGO) test --package mlicense-core --features aws-lc-rs --lib --test documents \
		--test document_vectors --test checkpoint_vectors --test ed25519 --test merkle $(CARGO_FLAGS)

test-c: check $(C_PROGRAMS) ## run the C tests under AddressSanitizer
	tools/with-postgres tools/run-c $(TARGET)/c/run $(C_PROGRAMS)

test-onec: check ## play the manual to the component for 1C in a host of its own
	$(CARGO) build $(WORKSPACE) --lib --features mlicense-onec/planted
	tools/onec test $(TARGET)/onec/linux $(LIB)/libmlicense_onec.so

test-python: check python ## run the Python tests in target/venv
	HYPOTHESIS_STORAGE_DIRECTORY=$(TARGET)/hypothesis $(VENV)/bin/python -m pytest

# What takes long of the C interface, or tools that few have.
c-deep: c-abi c-install docs-c c-cycles c-valgrind ## look at libmlicense from outside

c-abi: build ## compare what libmlicense exports with the header and the baseline in ffi/abi
	@tools/check abi
	tools/abi check $(LIB)/libmlicense.so $(TARGET)/c/abi

abi: build ## write the baseline in ffi/abi anew
	@tools/check abi
	tools/abi write $(LIB)/libmlicense.so $(TARGET)/c/abi

c-install: build ## install libmlicense in an empty folder and build programs with it
	@tools/check install
	tools/check-install $(LIB) $(TARGET)/c/install

docs-c: ## write the pages about the C interface to target/c/html, without a warning
	@tools/check doxygen
	@mkdir -p $(TARGET)/c
	OUTPUT=$(TARGET)/c doxygen ffi/Doxyfile

c-cycles: $(TARGET)/c/plain/test_cycles ## make and free every object 10,000 times
	CYCLES=10000 tools/run-c $(TARGET)/c/cycles $<

c-cinstall: ## the same by `cargo cinstall`, of cargo-c 0.10 or newer
	@tools/check cargo cc cinstall
	tools/check-install cargo-c $(TARGET)/c/cinstall

c-valgrind: $(C_PLAIN) ## run the C tests under valgrind: no error, no definite leak
	@tools/check valgrind
	CYCLES=20 RUNNER=$(CURDIR)/tools/valgrind tools/run-c $(TARGET)/c/valgrind $(C_PLAIN)

c-tsan: ## run the threads of a check under ThreadSanitizer, with the Rust of Debian
	@tools/check tsan
	tools/tsan $(TARGET)/tsan

# PROFILE=dev packs what the tests have built, for x86-64: enough to see that it can be packed.
onec: check ## pack the component for 1C:Enterprise for Linux and, where it can be built, Windows
	$(CARGO) build --lib $(if $(filter dev,$(PROFILE)),$(WORKSPACE),--release \
		--package mlicense-onec $(CARGO_FLAGS))
	tools/onec pack $(TARGET)/onec $(TARGET)/$(BUILT)/libmlicense_onec.so $(TARGET)/windows \
		$(PROFILE)

windows: ## run the tests of Rust, C and the component for 1C for 64-bit Windows, under Wine
	@tools/check windows
	tools/with-wine $(TARGET)/windows/wine tools/windows $(TARGET)/windows

soak: check python ## break what is beneath the ledger far more often, live 10,000 random lives; takes long
	$(SOAK_FAULTS:%=MLICENSE_FAULTS_%) $(CARGO) test --package mlicense-ledger --features postgres \
		--test faults $(CARGO_FLAGS)
	HYPOTHESIS_STORAGE_DIRECTORY=$(TARGET)/hypothesis $(VENV)/bin/python -m pytest \
		--hypothesis-profile=soak python/tests/test_model.py

fuzz: $(FUZZ_TARGETS:%=fuzz-%) ## run every fuzz target for FUZZ_SECONDS, which is 60 unless set

fuzz-planted: $(CARGO_FUZZ) ## plant a fault and see that fuzzing finds it within ten minutes
	@rm -rf $(TARGET)/planted && mkdir -p $(TARGET)/planted
	! PATH=$(<D):$$PATH $(FUZZ) --features planted payloads $(TARGET)/planted fuzz/seeds/payloads \
		-- $(FUZZ_FLAGS) -max_total_time=600 -artifact_prefix=$(TARGET)/planted/ \
		>$(TARGET)/planted.log 2>&1
	grep "the planted fault" $(TARGET)/planted.log

# The wheel as it is shipped, in an environment that has nothing else and no compiler.
# Without CARGO_FLAGS: an sdist holds fewer crates than the workspace, and cuts its lock down to them.
test-wheel: check $(VENV)/.made ## build sdist and wheel, and run the README's program from the wheel
	VIRTUAL_ENV=$(VENV) tools/test-wheel $(VENV)/bin/maturin $(TARGET)/wheel

bench: check $(VENV)/.made ## measure beside other libraries, with both libraries for signatures
	$(CARGO) bench --quiet $(BENCHES) -- $(BENCH_FLAGS)
	$(PYTHON) benches/table.py $(TARGET)/criterion ring
	$(CARGO) bench --quiet $(BENCHES) --bench license --features aws-lc-rs -- $(BENCH_FLAGS)
	$(PYTHON) benches/table.py $(TARGET)/criterion aws-lc-rs
	VIRTUAL_ENV=$(VENV) $(VENV)/bin/maturin develop --quiet --release $(CARGO_FLAGS) \
		--manifest-path python/Cargo.toml
	$(VENV)/bin/python benches/verify.py

bench-c: check ## measure what a check costs in C, with the library as it is shipped
	$(C_LIBRARY) --release --no-default-features $(CARGO_FLAGS)
	@mkdir -p $(TARGET)/c
	$(CC) -std=c11 -O2 $(WARNINGS) -Iinclude -o $(TARGET)/c/bench benches/check.c \
		$(TARGET)/release/libmlicense.a -lgcc_s -lpthread -lm -ldl
	$(TARGET)/c/bench examples/data/hello.license

lint: lint-rust lint-generated lint-python ## check format, lints, documentation and generated files

lint-rust: check
	tools/check lint
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets $(FEATURES) $(CARGO_FLAGS) -- -D warnings
	$(CARGO) clippy --package mlicense-core --all-targets $(CARGO_FLAGS) -- -D warnings
	$(CARGO) clippy --package mlicense-ffi --no-default-features $(CARGO_FLAGS) -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --no-deps --workspace $(FEATURES) $(CARGO_FLAGS)

lint-generated: check
	$(XTASK) header --check
	$(XTASK) schemas --check
	$(XTASK) python --check
	$(XTASK) errors --check
	$(XTASK) access --check

lint-python: $(VENV)/.made
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy --strict
	$(VENV)/bin/shellcheck .ci/run tools/* examples/run

format: $(VENV)/.made ## format Rust and Python
	$(CARGO) fmt --all
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format

header: ## write include/mlicense.h anew
	$(XTASK) header

schemas: ## write include/schema/*.json anew
	$(XTASK) schemas

python-classes: ## write the classes of commands, queries, events and views of Python anew
	$(XTASK) python

docs-errors: ## write docs/errors.md anew
	$(XTASK) errors

docs-access: ## write docs/access.md anew
	$(XTASK) access

deny: ## check licences and origins of all dependencies; needs cargo-deny
	for manifest in Cargo.toml benches/Cargo.toml fuzz/Cargo.toml; do \
		$(CARGO) deny --config deny.toml --manifest-path $$manifest check bans licenses sources \
			|| exit 1; \
	done

build-small: check ## build the customer's side of the C library in less room
	@tools/build-small $(TARGET)/small

install: ## build libmlicense and install it in PREFIX: headers, libraries, pkg-config, CMake
	@tools/check cargo cc
	$(C_LIBRARY) --profile $(PROFILE) $(CARGO_FLAGS)
	tools/install-c $(TARGET)/$(BUILT)

dist: check ## make the packages in target/dist and try each of them; takes long
	@tools/check install
	tools/dist $(TARGET)/dist
	tools/check-dist $(TARGET)/dist $(TARGET)/dist-tried

clean: ## remove everything that was built
	rm -rf $(TARGET)
	rm -f python/mlicense/_native.*.so

# What the targets above are made of.

check:
	@CC=$(CC) CXX=$(CXX) PYTHON=$(PYTHON) tools/check cargo cc cxx make python

# The library for C, the programs and the examples, with the same features as the Rust tests.
build: check
	$(CARGO) build $(WORKSPACE) --lib --bins --examples
	@ln -sf libmlicense.so $(LIB)/libmlicense.so.$(ABI)

python: $(VENV)/.made
	VIRTUAL_ENV=$(VENV) $(VENV)/bin/maturin develop --quiet $(CARGO_FLAGS) \
		--manifest-path python/Cargo.toml

$(VENV)/.made: python/requirements-dev.txt | check
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

$(TARGET)/c/%: %.c $(C_HEADERS) | build
	@mkdir -p $(@D)
	$(CC) $(C_FLAGS) -Iinclude -o $@ $< -L$(LIB) -lmlicense -Wl,-rpath,$(LIB)

$(TARGET)/c/plain/%: ffi/tests/c/%.c $(C_HEADERS) | build
	@mkdir -p $(@D)
	$(CC) -std=c11 $(WARNINGS) -g -pthread -Iinclude -o $@ $< -L$(LIB) -lmlicense -Wl,-rpath,$(LIB)

$(TARGET)/c/%: %.cpp $(C_HEADERS) | build
	@mkdir -p $(@D)
	$(CXX) $(CXX_FLAGS) -Iinclude -o $@ $< -L$(LIB) -lmlicense -Wl,-rpath,$(LIB)

fuzz-%: $(CARGO_FUZZ)
	@mkdir -p $(TARGET)/corpus/$*
	PATH=$(<D):$$PATH $(FUZZ) $* $(TARGET)/corpus/$* fuzz/seeds/$* -- \
		$(FUZZ_FLAGS) -max_total_time=$(FUZZ_SECONDS)

$(CARGO_FUZZ):
	@tools/check cargo cxx
	$(CARGO) install --quiet --locked --root $(TARGET)/tools cargo-fuzz@0.13.2
