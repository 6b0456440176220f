#!/usr/bin/env bash
# Measures the real window, release build, under a virtual display: start and memory beside an empty
# Tauri window, and frame times while a list of 100,000 contacts is scrolled. Takes some minutes after
# the build. Writes the window's part of docs/benchmarks.md and tests/bench/results/window.json.
#
#   scripts/bench-window.sh --write-page
#   scripts/bench-window.sh --runs 3       a trial; writes nothing
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/environment.sh

scripts/ui.sh build
# In one go: the example alone would have every dependency built once more, with other features.
cargo build --release --locked --package ledgerpost-sim --package ledgerpost-cli \
  --package ledgerpost-desktop --bins --example empty_window
target=$(realpath "${CARGO_TARGET_DIR:-target}")/release

root=$PWD
cd tests/bench
export PYTHONPYCACHEPREFIX="$root/.cache/bench/pycache"
# The dealings of WebKitGTK with graphics hardware have no place on a virtual display.
export LIBGL_ALWAYS_SOFTWARE=1 WEBKIT_DISABLE_DMABUF_RENDERER=1 GDK_BACKEND=x11 NO_AT_BRIDGE=1
export DBUS_SESSION_BUS_ADDRESS=disabled:
unset WAYLAND_DISPLAY
exec xvfb-run --auto-servernum --server-args '-screen 0 1440x1000x24' \
  python3 -m harness.window --simulator "$target/ledgerpost-sim" --ledgerpost "$target/ledgerpost" \
  --desktop "$target/ledgerpost-desktop" --empty "$target/examples/empty_window" "$@"
