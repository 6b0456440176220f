#!/usr/bin/env bash
# Opens Ledgerpost; with no display, shows the demo company in the terminal.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && [ "$(uname)" = Linux ]; then
  scripts/setup.sh build
  . scripts/environment.sh
  echo "There is no display here, so this shows the demo company in the terminal."
  echo "Building Ledgerpost. The first time takes some minutes."
  cargo build --release --locked --package ledgerpost-cli
  exec cargo run --release --locked --quiet --package ledgerpost-cli -- demo
fi

scripts/setup.sh window
. scripts/environment.sh
echo "Building Ledgerpost. The first time takes some minutes."
scripts/ui.sh build
# As the tests build it: half the time of a release build, and SQLite is optimised in both.
cargo build --locked --package ledgerpost-desktop
exec cargo run --locked --quiet --package ledgerpost-desktop -- "$@"
