#!/usr/bin/env bash
# Installs what is needed, once, and says what. Does nothing when everything is there. Debian and
# Ubuntu only; elsewhere it says what to install.
#
#   setup.sh build     the command line
#   setup.sh window    the desktop application as well
#   setup.sh test      everything that the tests use
#   setup.sh package   what a package is made and tried with
#   setup.sh pictures  what makes the screenshots small
set -euo pipefail
cd "$(dirname "$0")/.."

purpose=${1:-build}
rust_needed=1.95
node_needed=20.19
tauri_driver_needed=2

say() { printf 'set-up: %s\n' "$*" >&2; }
stop() { printf 'set-up: %s\n' "$*" >&2; exit 1; }
newer() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }
node_version() { node --version 2>/dev/null | tr -d v || true; }
enough_node() { local have; have=$(node_version); [ -n "$have" ] && newer "$node_needed" "$have"; }

. scripts/environment.sh

missing=()
need() { command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }
need_library() { pkg-config --exists "$1" 2>/dev/null || missing+=("$2"); }

need cc build-essential
need make make
need curl curl
if [ "$purpose" != build ]; then
  need pkg-config pkg-config
  need_library webkit2gtk-4.1 libwebkit2gtk-4.1-dev
  need_library ayatana-appindicator3-0.1 libayatana-appindicator3-dev
  if ! enough_node; then
    need node nodejs
    need npm npm
  fi
fi
if [ "$purpose" = test ]; then
  need dbus-run-session dbus
  need gnome-keyring-daemon gnome-keyring
  need python3 python3
  # A real browser, for the relay page.
  command -v chromium chromium-browser google-chrome >/dev/null 2>&1 || missing+=(chromium)
  python3 -c 'import ensurepip, venv' >/dev/null 2>&1 || missing+=(python3-venv)
  need chromium chromium
fi
if [ "$purpose" = test ] || [ "$purpose" = package ]; then
  need xvfb-run xvfb
  need xauth xauth
  need WebKitWebDriver webkit2gtk-driver
fi
if [ "$purpose" = pictures ]; then
  need pngquant pngquant
fi
if [ "$purpose" = package ]; then
  need debootstrap debootstrap
  need rpm rpm
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

if [ "$purpose" != build ] && ! enough_node; then
  say "installing Node.js 22 into .cache/node (the system has $(node_version), the window needs $node_needed)"
  npm install --silent --no-save --no-audit --no-fund --prefix .cache/node node@22 >&2 ||
    stop "Node.js could not be installed. Install Node.js $node_needed or newer, then run the command again."
  . scripts/environment.sh
  enough_node || stop "the Node.js in .cache/node does not work here. Install Node.js $node_needed or newer, then run the command again."
fi

if [ "$purpose" = test ]; then
  if ! cargo nextest --version >/dev/null 2>&1; then
    say "installing cargo-nextest, the test runner (a few minutes, once)"
    cargo install cargo-nextest --locked >&2 || stop "cargo-nextest could not be installed; see the message above."
  fi
  if ! cargo install --list | grep -q "^tauri-driver v$tauri_driver_needed\."; then
    say "installing tauri-driver, which drives the real window in tests (a minute or two, once)"
    cargo install tauri-driver --version "^$tauri_driver_needed" --locked >&2 ||
      stop "tauri-driver could not be installed; see the message above."
  fi
fi
