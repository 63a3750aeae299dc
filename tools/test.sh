#!/usr/bin/env bash
# Every test: on SQLite (pages in Chromium too), then on PostgreSQL (but reading, which has no database). What cannot be installed is skipped and named last.
set -u
cd "$(dirname "$0")/.."
. tools/postgres.sh
skipped=()
why_not=

install() { # PROGRAM PACKAGE
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then return 1; fi
  echo "installing $1 (Debian package)"
  if [ -z "${updated:-}" ]; then apt-get update -qq >/dev/null 2>&1 && updated=1; fi
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$1" </dev/null >/tmp/qidang-apt.log 2>&1
}

command -v chromium >/dev/null || command -v chromium-browser >/dev/null || install chromium \
  || skipped+=("browser tests: Chromium is not installed and could not be (apt install chromium)")
[ -n "$(postgres_bin)" ] || install postgresql || true

run() { # NAME ARGUMENTS…
  local name=$1
  shift
  echo "== tests on $name"
  .venv/bin/python -m pytest -q -n 2 --dist loadfile "$@" </dev/null
}

code=0
run SQLite "$@" || code=$?
if start_postgres; then
  trap stop_postgres EXIT
  run PostgreSQL -m "not browser" --ignore=qidang/reading "$@" || code=$?
else
  skipped+=("tests on PostgreSQL: $why_not")
fi

for line in "${skipped[@]}"; do echo "SKIPPED $line"; done
[ $code -eq 0 ] && echo "all tests passed" || echo "some tests failed"
exit $code
