# Two commands: `make run` opens Ledgerpost, `make test` runs every test. Both set up what they
# need on Debian and Ubuntu, say what they install, and stop with advice where they cannot.
.PHONY: help run test bench setup setup-test fmt

help:
	@echo "make run    start Ledgerpost (with no display: the demo company in the terminal)"
	@echo "make test   run every test"
	@echo "make bench  measure against what one would use instead; writes docs/benchmarks.md"

setup:
	@scripts/setup.sh build

setup-test:
	@scripts/setup.sh test

run: setup
	@echo "Building Ledgerpost. The first time takes some minutes."
	@cargo build --release --locked --package ledgerpost-cli
	@cargo run --release --locked --quiet --package ledgerpost-cli -- demo

test: setup-test
	@scripts/test.sh

bench: setup-test
	@scripts/bench.sh

fmt:
	@cargo fmt --all
