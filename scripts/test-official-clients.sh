#!/usr/bin/env bash
# Runs the services' official client libraries, as published on PyPI, against the simulator.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.cache/official-clients
wanted=tests/official/requirements.txt
if ! cmp -s "$wanted" "$venv/installed.txt"; then
  python3 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$wanted"
  cp "$wanted" "$venv/installed.txt"
fi
# `LEDGERPOST_SIM` may name a simulator that was built already: built alone, it gets other features,
# and the libraries are built once more.
if [ -z "${LEDGERPOST_SIM:-}" ]; then
  cargo build --quiet --locked -p ledgerpost-sim --bin ledgerpost-sim
  LEDGERPOST_SIM=${CARGO_TARGET_DIR:-target}/debug/ledgerpost-sim
fi
LEDGERPOST_SIM=$(realpath "$LEDGERPOST_SIM")
export LEDGERPOST_SIM
exec "$venv/bin/python" -m pytest -q -p no:cacheprovider tests/official "$@"
