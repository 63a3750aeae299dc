#!/usr/bin/env bash
# Brings the pinned page libraries; Node comes from a Python package where the machine has none that is new enough.
set -eu
venv=$1
usable() { node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' >/dev/null 2>&1 && npm --version >/dev/null 2>&1; }
if ! usable; then
  flock "$venv" "$venv/bin/python" -m pip --disable-pip-version-check -qq install --require-hashes -r requirements-node.txt
  PATH="$PWD/$venv/bin:$PATH"
  export PATH
fi
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
