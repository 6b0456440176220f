#!/usr/bin/env bash
# Draws every screen into docs/screenshots: English and German, light and dark. Arguments go to Playwright.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/environment.sh

scripts/ui.sh build
cargo build --workspace --locked --quiet
LEDGERPOST_DEVSERVER_PROGRAM=$(realpath "${CARGO_TARGET_DIR:-target}/debug/ledgerpost-devserver")
export LEDGERPOST_DEVSERVER_PROGRAM
npm --prefix ui run --silent screenshots -- "$@"
# A palette is enough for an interface, and a quarter of the size.
pngquant --force --ext .png --strip --skip-if-larger --quality 80-100 docs/screenshots/*.png
du --summarize --human-readable docs/screenshots
