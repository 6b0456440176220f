#!/usr/bin/env bash
# Runs the secret store tests against a real Secret Service: a session bus and a GNOME keyring of
# their own, in a home folder of their own, gone when the tests end. Needs the packages dbus and
# gnome-keyring. Then once more without any keychain, for the error that it has to give.
set -euo pipefail
cd "$(dirname "$0")/.."

for tool in dbus-run-session gnome-keyring-daemon; do
  command -v "$tool" >/dev/null || {
    echo "test-keychain: $tool is missing; install the packages dbus and gnome-keyring" >&2
    exit 1
  }
done

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
chmod 700 "$home"
mkdir -m 700 "$home/run"

# As `cargo nextest run --workspace` builds them: with other features the libraries would be built
# once more. Built outside of the session, so that the session lives for the tests alone.
run_tests() {
  cargo nextest run --workspace --locked --status-level fail --final-status-level fail \
    -E "package(ledgerpost-net) & test(/^secrets::contract::$1/)" "${@:2}"
}
export -f run_tests
run_tests keychain --no-run

XDG_DATA_HOME="$home/data" XDG_CONFIG_HOME="$home/config" XDG_RUNTIME_DIR="$home/run" \
  LEDGERPOST_TEST_KEYCHAIN=1 \
  dbus-run-session -- bash -euo pipefail -c "
    printf 'test\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null
    run_tests keychain
  "

export -n DISPLAY WAYLAND_DISPLAY
DBUS_SESSION_BUS_ADDRESS="unix:path=$home/run/nobody-there" XDG_RUNTIME_DIR="$home/run" \
  LEDGERPOST_TEST_NO_KEYCHAIN=1 \
  run_tests a_missing_keychain
