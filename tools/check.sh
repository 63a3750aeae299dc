#!/usr/bin/env bash
# The gate: every step runs, the last lines say which failed.
set -u
cd "$(dirname "$0")/.."
bin=.venv/bin
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export QIDANG_HOME="$home/home" QIDANG_KEY_FILE="$home/key" QIDANG_STATIC="$home/static"
mkdir -m 700 "$QIDANG_HOME"
failed=()

step() {
  local name=$1
  shift
  local started=$SECONDS
  if "$@" >"$home/out" 2>&1; then
    printf '%-20s ok (%d s)\n' "$name" $((SECONDS - started))
  else
    cat "$home/out"
    printf '%-20s FAILED\n' "$name"
    failed+=("$name")
  fi
}

deploy() {
  (umask 077; head -c 32 /dev/urandom >"$home/key")
  QIDANG_PRODUCTION=1 QIDANG_ALLOWED_HOSTS=contracts.example.com \
    QIDANG_SECRET_KEY="$(head -c 60 /dev/urandom | base64 -w0)" \
    "$bin/python" -m django check --deploy --fail-level WARNING --settings qidang.settings
}

step "format" "$bin/ruff" format --check .
step "lint" "$bin/ruff" check .
step "types" "$bin/mypy"
step "layers" "$bin/lint-imports" --no-cache
step "licences" "$bin/python" tools/licences.py
step "production" deploy
step "migrations" "$bin/python" -m django makemigrations --check --dry-run --settings qidang.settings

if [ ${#failed[@]} -gt 0 ]; then
  echo "the gate is shut: ${failed[*]}"
  exit 1
fi
echo "the gate is open"
