#!/usr/bin/env bash
# Journeys in the real window, under a virtual display. Arguments go to cargo nextest.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/environment.sh

scripts/ui.sh build
# The dealings of WebKitGTK with graphics hardware have no place on a virtual display.
export LIBGL_ALWAYS_SOFTWARE=1 WEBKIT_DISABLE_DMABUF_RENDERER=1 GDK_BACKEND=x11 NO_AT_BRIDGE=1
unset WAYLAND_DISPLAY
# With the whole workspace, so that nothing is built a second time with other features.
exec xvfb-run --auto-servernum --server-args '-screen 0 1440x1000x24' \
  cargo nextest run --workspace --locked -E 'binary(shell)' "$@"
