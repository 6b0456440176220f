#!/usr/bin/env bash
# Draws every screen into docs/screenshots: English and German, light and dark. Arguments go to Playwright.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/environment.sh

scripts/ui.sh build
cargo build --workspace --locked --quiet
LEDGERPOST_DEVSERVER_PROGRAM=$(realpath "${CARGO_TARGET_DIR:-target}/debug/ledgerpost-devserver")
export LEDGERPOST_DEVSERVER_PROGRAM
cd ui
exec npm run --silent screenshots -- "$@"
