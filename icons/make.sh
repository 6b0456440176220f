#!/usr/bin/env bash
# Draws every size from icons/source. Run it after changing a drawing, and commit what it makes.
# Needs the Debian packages librsvg2-bin, icoutils and icnsutils.
set -euo pipefail
cd "$(dirname "$0")"

# draw SOURCE SIZE FILE
draw() { rsvg-convert --width "$2" --height "$2" "source/$1.svg" --output "$3"; }

draw mark 32 32x32.png
draw mark 64 64x64.png
draw app 128 128x128.png
draw app 256 128x128@2x.png
draw app 512 icon.png

for size in 30 44 71 89 107 142 150 284 310; do
  if [ "$size" -le 71 ]; then source=mark; else source=app; fi
  draw "$source" "$size" "Square${size}x${size}Logo.png"
done
draw mark 50 StoreLogo.png

for state in tray tray-paused tray-attention tray-template; do
  draw "$state" 32 "$state.png"
done

sizes=$(mktemp -d)
trap 'rm -rf "$sizes"' EXIT
draw mark-16 16 "$sizes/16.png"
for size in 24 32 48 64; do draw mark "$size" "$sizes/$size.png"; done
for size in 128 256 512 1024; do draw app "$size" "$sizes/$size.png"; done
icotool --create --output icon.ico "$sizes"/{16,24,32,48,64}.png --raw "$sizes/256.png"
png2icns icon.icns "$sizes"/{16,32,48,128,256,512,1024}.png >/dev/null
