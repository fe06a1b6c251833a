# Building and running Octavo takes Go, make and a C compiler (for SQLite).
# The tests install the rest where they may: see scripts/services.sh.

TAGS    := sqlite_fts5
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT  := $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
LDFLAGS :=
OUT     := bin/octavo
STAMP   := -X octavo/cli.version=$(VERSION) -X octavo/cli.commit=$(COMMIT)

# With STATIC=yes the program needs nothing beside it, as in a release and in the image of the Dockerfile.
ifeq ($(STATIC),yes)
TAGS    := $(TAGS),osusergo,netgo,sqlite_omit_load_extension
LDFLAGS := -s -w -linkmode external -extldflags -static
endif

# Sizes that `make bench` measures, in notes.
N := 1000 100000 1000000

SERVICES      := scripts/services.sh run --in-memory --
# What go test vets is less than what lint has vetted: where that comes before, VET says not to look again.
VET           :=
# One package more than there are processors: some wait for a browser or a server.
PACKAGES      := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
GO_TEST       := go test -tags $(TAGS) -count=1 -timeout 30m -p $(PACKAGES) $(VET)
BENCHSTAT     := go run golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da
GOLANGCI_LINT := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

empty :=
space := $(empty) $(empty)
comma := ,

export CGO_ENABLED := 1
# Programs say no paths of the machine that built them, and copies of the tree share what has been compiled.
export GOFLAGS := $(strip $(GOFLAGS) -trimpath)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run build test race e2e check advisories openapi generate fmt lint watch bench bench-compare migrations release vendor toolchain

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build and start Octavo, and print the link to open
	bin/octavo

build: toolchain ## build bin/octavo
	go build -buildvcs=false -tags $(TAGS) -ldflags '$(strip $(LDFLAGS) $(STAMP))' -o $(OUT) .

test: toolchain ## run all tests, with the databases and the browser they need
	$(SERVICES) $(GO_TEST) ./e2e ./docs ./ent ./... # those first that take longest

# What takes long and does one thing after another has nothing for the race detector, so -short leaves it out,
# as it does the packages that hold the sources and the migrations to their rules.
# What is vetted is the same, and SQLite, of which the detector sees nothing, is compiled in half the time at -O1.
race: export CGO_CFLAGS := $(strip $(CGO_CFLAGS) -O1)
race: toolchain ## run the tests of what runs at once under the race detector
	$(SERVICES) $(GO_TEST) -race -vet=off -short $$(go list ./... | grep -Ev '^octavo$$|^octavo/(e2e|bench|ent/internal/makemigration)(/|$$)')

e2e: toolchain ## run the tests that drive the program with a browser
	$(SERVICES) $(GO_TEST) ./e2e/...

check: lint ## everything that must hold before a change goes in
	scripts/drift.sh
	scripts/vendor.sh verify
	go mod tidy -diff
	scripts/advisories.sh $(TAGS)
	scripts/openapi.sh $(TAGS)
	$(SERVICES) $(MAKE) test race VET=-vet=off # which lint has done, with more checks

advisories: toolchain ## look for known faults in what the program calls
	scripts/advisories.sh $(TAGS)

openapi: toolchain ## check the description of the API
	scripts/openapi.sh $(TAGS)

generate: toolchain ## make the generated code from schemas and templates
	go generate ./...

fmt: toolchain ## format the code
	$(GOLANGCI_LINT) fmt
	go tool templ fmt views

# Vet and golangci-lint read what was generated from C, in which the paths of the tree stand that it was compiled in
# first. The flag keeps what another tree has compiled, which may be gone, out of this one. None of it is run, so -O0.
lint: export CGO_CFLAGS := $(strip $(CGO_CFLAGS) -O0 '-ffile-prefix-map=$(CURDIR)=.')
lint: toolchain ## look for mistakes and formatting, changing nothing
	go vet -tags $(TAGS) ./...
	$(GOLANGCI_LINT) fmt --diff
	@for file in views/*.templ; do \
		go tool templ fmt -stdin-filepath $$file <$$file | diff -u $$file - || unformatted=1; done; exit $${unformatted:-0}
	$(GOLANGCI_LINT) run

watch: export BASE_URL := http://127.0.0.1:7331
watch: toolchain ## rebuild, restart and reload the browser on every change
	go tool templ generate --watch --proxy=http://127.0.0.1:8080 --cmd='go run -tags $(TAGS) .'

bench: toolchain ## measure at N notes, as in make bench N="1000 100000" ONLY=list,note
	scripts/services.sh run -- go run -tags $(TAGS) ./bench -n $(subst $(space),$(comma),$(strip $(N))) \
		$(if $(ONLY),-only $(ONLY)) -json bench.json -history bench/history.jsonl

bench-compare: N := 1000
bench-compare: toolchain ## set two commits side by side, as in make bench-compare A=main B=HEAD ONLY=list,note
	$(if $(and $(A),$(B)),,$(error which commits? make bench-compare A=main B=HEAD))
	go run -tags $(TAGS) ./bench -n $(subst $(space),$(comma),$(strip $(N))) -rounds 10 -compare "$(A),$(B)" \
		$(if $(ONLY),-only $(ONLY)) >bench-compare.txt
	$(BENCHSTAT) -col commit bench-compare.txt

migrations: toolchain ## write the migration NAME for each database from the schemas; see docs/changing-the-schema.md
	$(if $(NAME),,$(error what is it called? make migrations NAME=add_colour))
	$(SERVICES) go run -tags $(TAGS) ./ent/internal/makemigration -allow "$(ALLOW)" "$(NAME)"

release: toolchain ## build static programs for linux in dist, with checksums and bills of materials
	scripts/release.sh $(VERSION) $(COMMIT) $(ARCH)

vendor: ## fetch the browser libraries listed in static/vendor/VERSIONS
	scripts/vendor.sh fetch

toolchain:
	@command -v go >/dev/null || { echo 'Octavo needs Go: https://go.dev/doc/install' >&2; exit 1; }
	@set -- $$(go env CC); command -v "$$1" >/dev/null || \
		{ echo "Octavo needs a C compiler for SQLite, and $$1 is missing: apt-get install gcc libc6-dev" >&2; exit 1; }
