#!/usr/bin/env bash
# Builds the .deb and the .rpm into dist/, and tries them: the .deb is installed on a clean Debian in
# a folder, opens its window there and is removed again without a trace; the .rpm, which has no Fedora
# to be installed on here, is unpacked, verified and removed in an empty folder by rpm itself.
#
#   scripts/package.sh           as it is released
#   scripts/package.sh --debug   quickly, to try the packaging itself
#   scripts/package.sh --no-try  build only
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/environment.sh

profile=release
build=()
try=yes
for argument in "$@"; do
  case $argument in
    --debug) profile=debug build+=(--debug) ;;
    --no-try) try=no ;;
    *) printf 'package: there is no option %s\n' "$argument" >&2; exit 2 ;;
  esac
done

say() { printf '\n== %s\n' "$*"; }

say "build"
scripts/ui.sh install
LEDGERPOST_COMMIT=$(git rev-parse --short HEAD 2>/dev/null || true)
[ -z "$LEDGERPOST_COMMIT" ] || export LEDGERPOST_COMMIT
ui/node_modules/.bin/tauri build "${build[@]}" --bundles deb,rpm -- --locked
bundles=${CARGO_TARGET_DIR:-target}/$profile/bundle
rm -rf dist
mkdir dist
cp "$bundles"/deb/*.deb "$bundles"/rpm/*.rpm dist/
ls -l dist
[ "$try" = yes ] || exit 0

root=()
[ "$(id -u)" -eq 0 ] || root=(sudo)

say "the .rpm holds and needs the right things"
rpm --query --package --requires dist/*.rpm | grep -v '^rpmlib'
unpacked=$PWD/.cache/clean-rpm
"${root[@]}" rm -rf "$unpacked"
mkdir -p "$unpacked"
in_folder=("${root[@]}" rpm --root "$unpacked" --dbpath /var/lib/rpm)
"${in_folder[@]}" --initdb
"${in_folder[@]}" --install --nodeps --noscripts dist/*.rpm
"${in_folder[@]}" --verify --nodeps ledgerpost
for file in usr/bin/ledgerpost-desktop usr/share/applications/Ledgerpost.desktop \
  usr/share/icons/hicolor/128x128/apps/ledgerpost-desktop.png; do
  [ -s "$unpacked/$file" ] || { printf 'package: the .rpm lacks /%s\n' "$file" >&2; exit 1; }
done
"${in_folder[@]}" --erase --nodeps --noscripts ledgerpost
left=$(find "$unpacked" -name '*edgerpost*' -print)
[ -z "$left" ] || { printf 'package: the .rpm leaves behind:\n%s\n' "$left" >&2; exit 1; }
"${root[@]}" rm -rf "$unpacked"
echo "unpacked, verified and removed without a trace"

say "the .deb on a clean system"
clean=.cache/clean-debian
if [ ! -f "$clean.tar" ]; then
  "${root[@]}" rm -rf "$clean"
  "${root[@]}" debootstrap --variant=minbase --include=ca-certificates,xvfb,xauth "$(. /etc/os-release && echo "${DEBIAN_CODENAME:-${VERSION_CODENAME:-bookworm}}")" "$clean"
  "${root[@]}" tar -C "$clean" -cf "$clean.tar" .
fi
"${root[@]}" rm -rf "$clean"
mkdir -p "$clean"
"${root[@]}" tar -C "$clean" -xf "$clean.tar"
"${root[@]}" cp /etc/resolv.conf "$clean/etc/" 2>/dev/null || true
"${root[@]}" cp dist/*.deb "$clean/root/ledgerpost.deb"
"${root[@]}" cp scripts/try-package.sh "$clean/root/"
# With processes and mounts of its own, so that nothing of it is left when it ends.
"${root[@]}" unshare --mount --pid --fork bash -euc '
  mount -t proc proc "$1/proc"
  exec chroot "$1" /root/try-package.sh /root/ledgerpost.deb' try-package "$clean"
"${root[@]}" rm -rf "$clean"
say "packages in dist/"
