#!/usr/bin/env bash
# Every test, cheapest first. Stops at the first step that fails.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"

step() { printf '\n== %s\n' "$*"; }

step "format"
cargo fmt --all -- --check
step "lints"
cargo clippy --workspace --all-targets --locked -- -D warnings
step "documentation builds"
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked --quiet
step "tests"
cargo nextest run --workspace --locked
step "keychain: the real Secret Service"
scripts/test-keychain.sh
step "the services' official client libraries against the simulator"
LEDGERPOST_SIM=${CARGO_TARGET_DIR:-target}/debug/ledgerpost-sim scripts/test-official-clients.sh
