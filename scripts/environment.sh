# Sourced by the other scripts: finds the tools that set-up installs.
[ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"
# A Node.js of the project's own, where the system's is too old.
own_node=$(dirname "${BASH_SOURCE[0]}")/../.cache/node/node_modules/node/bin
if [ -x "$own_node/node" ]; then
  PATH=$(cd "$own_node" && pwd):$PATH
  export PATH
fi
unset own_node
