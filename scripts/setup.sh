#!/usr/bin/env bash
# Installs what building (`setup.sh build`) or testing (`setup.sh test`) needs, once, and says what.
# Does nothing when everything is there. Debian and Ubuntu only; elsewhere it says what to install.
set -euo pipefail

purpose=${1:-build}
rust_needed=1.95

say() { printf 'set-up: %s\n' "$*" >&2; }
stop() { printf 'set-up: %s\n' "$*" >&2; exit 1; }

missing=()
need() { command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }

need cc build-essential
need make make
need curl curl
if [ "$purpose" = test ]; then
  need dbus-run-session dbus
  need gnome-keyring-daemon gnome-keyring
  need python3 python3
  # A real browser, for the relay page.
  command -v chromium chromium-browser google-chrome >/dev/null 2>&1 || missing+=(chromium)
  python3 -c 'import ensurepip, venv' >/dev/null 2>&1 || missing+=(python3-venv)
fi

if [ "${#missing[@]}" -gt 0 ]; then
  command -v apt-get >/dev/null 2>&1 ||
    stop "this needs ${missing[*]}, and there is no apt-get here. Install them with your system's package manager, then run the command again."
  root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || stop "this needs ${missing[*]}. Run as root: apt-get install ${missing[*]}"
    root=(sudo)
  fi
  say "installing ${missing[*]} (Debian packages)"
  "${root[@]}" apt-get update -qq || say "apt-get update did not work; trying with the lists that are here"
  DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 ||
    stop "apt-get could not install ${missing[*]}. Look at its message above, then run the command again."
fi

[ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"
newer() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }
have=$(rustc --version 2>/dev/null | cut -d ' ' -f 2 || true)
if [ -z "$have" ] || ! newer "$rust_needed" "$have"; then
  if command -v rustup >/dev/null 2>&1; then
    say "installing Rust (have ${have:-none}, need $rust_needed) with rustup"
    rustup toolchain install stable --profile minimal --component clippy --component rustfmt >&2 ||
      stop "rustup could not install Rust $rust_needed. Check the network, or install it by hand, then run the command again."
  else
    say "installing rustup and Rust (need $rust_needed) into $HOME/.cargo"
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal --component clippy --component rustfmt >&2 ||
      stop "Rust could not be installed. Install Rust $rust_needed or newer from https://rustup.rs, then run the command again."
    say "open a new terminal, or run: . \"$HOME/.cargo/env\""
  fi
fi

if [ "$purpose" = test ] && ! cargo nextest --version >/dev/null 2>&1; then
  say "installing cargo-nextest, the test runner (a few minutes, once)"
  cargo install cargo-nextest --locked >&2 || stop "cargo-nextest could not be installed; see the message above."
fi
