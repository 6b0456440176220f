#!/usr/bin/env bash
# Measures `ledgerpost sync` against scripts on the services' official clients and a dlt pipeline, all
# against the simulator. Writes docs/benchmarks.md and tests/bench/results/latest.json.
#
#   scripts/bench.sh                 everything; about twenty-five minutes
#   scripts/bench.sh --quick         2,000 customers at 0 and 50 ms, one run each; writes no page
#   scripts/bench.sh --tools ledgerpost batches --latencies 50 --sizes small
#   scripts/bench.sh --tools ledgerpost --sizes small --keep --write-page   one part again, into the page
#   scripts/bench.sh --tools --keep --write-page   only the plan and the mirror again, into the page
#
# Results that do not go to the page go to .cache/bench/trial.json.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"

venv=.cache/bench/venv
needs=tests/bench/requirements.txt
if ! cmp -s "$needs" "$venv/installed.txt"; then
  printf 'bench: installing the scripts'\'' packages (Python) into %s\n' "$venv" >&2
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$needs"
  cp "$needs" "$venv/installed.txt"
fi

cargo build --release --locked --package ledgerpost-sim --package ledgerpost-cli
target=${CARGO_TARGET_DIR:-target}

# Measures that crates bring as examples: the plan of 100,000 customers, and reading and searching a
# mirror of that size.
others=(
  --other "cargo run --release --locked --quiet --package ledgerpost-engine --features testing --example plan_speed"
  --other "cargo run --release --locked --quiet --package ledgerpost-store --example page_reading"
)

root=$PWD
cd tests/bench
export PYTHONPYCACHEPREFIX="$root/.cache/bench/pycache"
exec "$root/$venv/bin/python" -m harness \
  --simulator "$(cd "$root" && realpath "$target/release/ledgerpost-sim")" \
  --ledgerpost "$(cd "$root" && realpath -m "$target/release/ledgerpost")" \
  "${others[@]}" "$@"
