#!/usr/bin/env bash
# Every test, cheapest first. Stops at the first step that fails.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/environment.sh

step() { printf '\n== %s\n' "$*"; }

step "format"
cargo fmt --all -- --check
step "the window: packages"
scripts/ui.sh install
step "the window: lints"
npm --prefix ui run --silent lint
step "the window: types"
npm --prefix ui run --silent check
step "the window: tests"
npm --prefix ui run --silent test
step "the window: build"
scripts/ui.sh build
step "lints"
cargo clippy --workspace --all-targets --locked -- -D warnings
step "documentation builds"
# Without the shell: its few public words are not worth its hundreds of dependencies once more.
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --exclude ledgerpost-desktop --no-deps --locked --quiet
step "tests"
cargo nextest run --workspace --locked -E 'not binary(shell)'
step "keychain: the real Secret Service"
scripts/test-keychain.sh
step "the services' official client libraries against the simulator"
LEDGERPOST_SIM=${CARGO_TARGET_DIR:-target}/debug/ledgerpost-sim scripts/test-official-clients.sh
step "the window in a browser"
scripts/test-browser.sh
step "the real window"
scripts/test-shell.sh
