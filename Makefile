# Go and a C compiler are all that is needed; the modules come with the first run.
GO ?= go
export CGO_ENABLED = 1

# The tree-sitter grammars are large C files; without the race detector and
# with a warm build cache the tests take a fraction of the first time.
.PHONY: compare release release-test validate vsix e2e pictures build test fmt vet race bench fuzz update tour clean

build:
	$(GO) build -trimpath -o bin/pinvet ./cmd/pinvet

test: fmt vet race

fmt:
	@bad=$$(gofmt -l $$(git ls-files '*.go' 2>/dev/null || find . -name '*.go')); \
	if [ -n "$$bad" ]; then echo "not gofmt-ed:"; echo "$$bad"; exit 1; fi

vet:
	$(GO) vet ./...

race:
	$(GO) test -race ./...

bench:
	$(GO) test -run '^$$' -bench . -benchmem ./...

# pinvet beside other tools on the same files; CS and CTREES are folders, separated by commas. Needs
# ripgrep, cppcheck, clang and mingw-w64's headers (Debian: mingw-w64-common), and npm for ast-grep.
compare: build
	npm install --silent --no-save --ignore-scripts --prefix artifacts/compare @ast-grep/cli@0.51.1
	$(GO) build -o artifacts/compare/compare ./internal/tools/compare
	artifacts/compare/compare -ast-grep artifacts/compare/node_modules/@ast-grep/cli-linux-x64-gnu/ast-grep -cs "$(CS)" -c "$(CTREES)"

# All fuzz targets, one after the other, each for FUZZTIME; prints how many inputs each was given. An input
# that fails is left in testdata/fuzz of its package.
FUZZTIME ?= 1m
FUZZONLY ?=
fuzz:
	$(GO) run ./internal/tools/fuzz -time $(FUZZTIME) -only '$(FUZZONLY)'

# The packages with golden files.
GOLDEN = ./analyzers/lower/csharp ./analyzers/lower/c ./internal/report ./cmd/pinvet

# Rewrites the golden files of all tests that have some; look at the diff.
update:
	$(GO) test $(GOLDEN) -update

tour: build
	bin/pinvet check testdata/projects/tour

# The VS Code extension for this machine, with the server inside; needs Node 20 or later.
vsix: build
	cd vscode-extension && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	cd vscode-extension && node scripts/package.mjs --server ../bin/pinvet

# The extension in a real VS Code, other editors, conformance; see test/e2e/README.md.
e2e: build
	test/e2e/setup.sh
	cd vscode-extension && npm run --silent check && npm test --silent
	node test/e2e/run.mjs

# The SARIF output under the validator of the standard's editors; needs npm, on x86-64 Linux.
validate:
	npm install --silent --no-save --prefix artifacts/validate @microsoft/sarif-multitool-linux@5.7.0
	chmod +x artifacts/validate/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool
	SARIF_MULTITOOL=$(CURDIR)/artifacts/validate/node_modules/@microsoft/sarif-multitool-linux $(GO) test -count=1 -run ItsMakers -v ./internal/report

# Static binaries for Linux and Windows, with hashes and lists of what is inside, in dist; needs Debian's
# gcc-mingw-w64-x86-64, gcc-aarch64-linux-gnu and libc6-dev-arm64-cross. Nothing is published.
COMMIT ?= $(shell git rev-parse HEAD 2>/dev/null)
release:
	$(GO) run ./internal/tools/release -out dist -commit "$(COMMIT)"

# Runs them: that for arm64 in qemu-user, that for Windows in wine; builds them again in another folder.
REBUILD ?= linux/amd64 linux/arm64 windows/amd64
release-test:
	PINVET_RELEASE=$(CURDIR)/dist PINVET_RELEASE_TARGETS="$(REBUILD)" PINVET_RELEASE_COMMIT="$(COMMIT)" \
		$(GO) test -count=1 -timeout 60m -v ./internal/tools/release

# The pictures of the extension's README, from the last run of e2e.
pictures:
	for p in steps border fix pins; do cp artifacts/e2e/page-$$p.png vscode-extension/images/$$p.png; done

clean:
	rm -rf bin dist vscode-extension/dist vscode-extension/server vscode-extension/schema artifacts
