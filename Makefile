# Sets up by itself what a target needs: Node packages, the build and, as root, Debian's network programs. Repeats are quick.

.PHONY: help demo test check bench setup clean
.DEFAULT_GOAL := help

cache := node_modules/.cache/causeway
STORY := global
sources := $(shell find src -name '*.ts' ! -name '*.test.ts' -o -name '*.generated.json')

help:
	@echo 'make demo    a global network: two Regions, two transit gateways, a ping both ways, explained (10 s);'
	@echo '             STORY=departments plays the other story, DEMO=--step waits between the stages'
	@echo 'make test    all tests'
	@echo 'make check   format, lint, types, arrows between folders, unused code'
	@echo 'make bench   benchmarks, as ratios'
	@echo 'make setup   only what the others need: packages, programs, build'
	@echo 'make clean   remove what was built and installed here'

setup: dist/causeway.js $(cache)/programs

demo: setup
	@node dist/causeway.js demo $(STORY) $(DEMO)

test: setup
	@npx --no-install vitest run $(TEST)

check: $(cache)/packages
	@npm run --silent check

bench: setup
	@node bench/all.mjs

clean:
	rm -rf dist coverage node_modules

# No package here needs an install script: native ones carry binaries.
$(cache)/packages: package-lock.json package.json
	@node scripts/node-version.mjs
	npm ci --ignore-scripts --no-audit --no-fund
	@mkdir -p $(cache) && touch $@

$(cache)/programs: scripts/prepare.sh $(cache)/packages
	@scripts/prepare.sh
	@touch $@

dist/causeway.js: $(cache)/packages scripts/build.mjs $(sources)
	@npm run --silent build
