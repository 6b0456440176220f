#!/usr/bin/env bash
# Runs on the clean system of package.sh: installs a .deb, opens the window, removes the package.
set -euo pipefail
package=$1
export DEBIAN_FRONTEND=noninteractive HOME=/root

files() { find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /root -o -path /var -o -path /run \) -prune -o -name '*edgerpost*' -print; }

apt-get update -qq
apt-get install -y -qq --no-install-recommends "$package" >/tmp/install.log 2>&1 || { tail -20 /tmp/install.log; exit 1; }
echo "installed:"
files
command -v ledgerpost-desktop >/dev/null
ldd "$(command -v ledgerpost-desktop)" | { ! grep 'not found'; }

data=$(mktemp -d)
LIBGL_ALWAYS_SOFTWARE=1 WEBKIT_DISABLE_DMABUF_RENDERER=1 WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1 \
  setsid xvfb-run --auto-servernum ledgerpost-desktop --data-dir "$data" --secrets file >/tmp/window.log 2>&1 &
window=$!
for _ in $(seq 300); do
  # The page was loaded, its script ran, and it asked for the data.
  if cat "$data"/logs/*.log 2>/dev/null | grep -q 'the data folder is open'; then opened=yes; break; fi
  kill -0 "$window" 2>/dev/null || break
  sleep 0.1
done
kill -- "-$window" 2>/dev/null || true
wait 2>/dev/null || true
if [ "${opened:-no}" = no ]; then
  echo "the window did not open:"
  cat /tmp/window.log "$data"/logs/*.log
  exit 1
fi
echo "the window opened"

apt-get purge -y -qq ledgerpost >/dev/null
left=$(files)
if [ -n "$left" ]; then
  printf 'left behind:\n%s\n' "$left"
  exit 1
fi
echo "removed without a trace"
