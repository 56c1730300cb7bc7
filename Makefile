# edge: one static binary. `make` builds it, `make check test` is what CI runs.
SWIFT ?= swift
STATIC := --static-swift-stdlib -Xswiftc -static-executable
# Each function in a section of its own, so that the linker drops what nothing uses and folds what is alike.
SMALL := -Xswiftc -Xfrontend -Xswiftc -function-sections -Xcc -ffunction-sections -Xcc -fdata-sections \
	-Xswiftc -use-ld=lld -Xlinker --gc-sections -Xlinker --icf=all \
	-Xlinker -T -Xlinker $(CURDIR)/Scripts/no-unwind-tables.ld -Xlinker --no-eh-frame-hdr \
	-Xlinker --wrap=__register_frame_info -Xlinker --wrap=__deregister_frame_info
RELEASE := $(SWIFT) build -c release --product edge $(STATIC) $(SMALL)

.PHONY: all test unit integration bench fuzz check format deps build-deps clean

all: build/edge

build/edge: build-deps FORCE
	$(RELEASE)
	@mkdir -p build
	strip -o build/edge.part "$$($(RELEASE) --show-bin-path)/edge"
	@mv build/edge.part build/edge
	@ls -l build/edge | awk '{ printf "build/edge: %.1f MB\n", $$5 / 1e6 }'

FORCE:

# Installs what building, or building and testing need, where it is missing.
build-deps:
	@Scripts/install-dependencies.sh build

deps:
	@Scripts/install-dependencies.sh

test: unit integration

unit: deps
	@mkdir -p build
	SWIFT="$(SWIFT)" Scripts/unit-tests.sh

integration: deps build/edge
	Tests/Integration/run.sh

# Fuzzes the parsers; not a part of `make test`, which only replays what it has found.
fuzz: build-deps
	Tests/Fuzz/run.sh

bench: build/edge build/runtime-bench
	Bench/run.sh

# Runs containers through the runtime alone, for the comparison with crun.
build/runtime-bench: deps FORCE
	$(SWIFT) build -c release --product runtime-bench $(STATIC) $(SMALL)
	@cp "$$($(RELEASE) --show-bin-path)/runtime-bench" $@

check:
	@Scripts/check.sh

format:
	$(SWIFT) format -i -r Sources Tests Package.swift

clean:
	rm -rf build .build
