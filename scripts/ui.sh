#!/usr/bin/env bash
# Prepares the window's files.
#
#   ui.sh install    its packages, if the list of them changed
#   ui.sh build      and ui/dist, if anything in ui changed
set -euo pipefail
cd "$(dirname "$0")/../ui"
. ../scripts/environment.sh

if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
  # Not `npm ci`: it wants an entry for each platform's build of an optional package, also for those
  # that were never published. This installs what the list says and leaves the list alone.
  npm install --no-save --no-audit --no-fund --loglevel error
  cp package-lock.json node_modules/.installed-lock.json
fi
[ "${1:-build}" = build ] || exit 0

changed=yes
if [ -f dist/index.html ]; then
  changed=$(find . \( -name node_modules -o -name dist -o -name paraglide -o -name test-results \) -prune -o \
    -type f -newer dist/index.html -print -quit)
fi
[ -z "$changed" ] || npm run --silent build
