# `make run` opens Ledgerpost, `make test` runs every test. Both set up what they need on Debian and
# Ubuntu, say what they install, and stop with advice where they cannot.
.PHONY: help run demo test bench package screenshots setup setup-test fmt

help:
	@echo "make run          open Ledgerpost (with no display: the demo company in the terminal)"
	@echo "make test         run every test"
	@echo "make package      build the .deb and the .rpm, and try them on a clean system"
	@echo "make screenshots  draw every screen into docs/screenshots"
	@echo "make bench        measure against what one would use instead; writes docs/benchmarks.md"

setup:
	@scripts/setup.sh window

setup-test:
	@scripts/setup.sh test

run:
	@scripts/run.sh

demo:
	@DISPLAY= WAYLAND_DISPLAY= scripts/run.sh

test: setup-test
	@scripts/test.sh

package:
	@scripts/setup.sh package
	@scripts/package.sh

screenshots: setup-test
	@scripts/setup.sh pictures
	@scripts/screenshots.sh

bench: setup-test
	@scripts/bench.sh

fmt:
	@cargo fmt --all
