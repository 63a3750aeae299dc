#!/usr/bin/env bash
# Runs every measurement, about a quarter of an hour, and puts each one's figures into its place in bench/RESULTS.md.
# bench/all.sh NAME… runs only those; "onboarding" (about 40 minutes, QIDANG_BENCH_FILES of 10,000) runs only when named.
# QIDANG_BENCH_CONTRACTS=100000 makes the archive of search and pages the full one.
set -u
cd "$(dirname "$0")/.."
python=.venv/bin/python
contracts=${QIDANG_BENCH_CONTRACTS:-20000}
failed=()

# Search, register and pages keep their archives from one run to the next, a folder for each size.
home() { # NAME
  export QIDANG_HOME="${TMPDIR:-/tmp}/qidang-bench-$1" QIDANG_KEY_FILE="${TMPDIR:-/tmp}/qidang-bench-$1.key"
}

measure() { # NAME ARGUMENTS… (NAME/PART: a part of it, with figures of its own)
  local name=${1%/*} as=${1/\//-} part=()
  [ "$as" = "$name" ] || part=("${1#*/}")
  shift
  echo "== $as $*"
  "$python" -m "bench.$name" "${part[@]}" "$@" </dev/null 2>/tmp/qidang-bench.err | "$python" -m bench.results "$as"
  if [ "${PIPESTATUS[0]}" -ne 0 ]; then
    failed+=("$as")
    tail -5 /tmp/qidang-bench.err
  fi
}

"$python" -m bench.results --machine
for name in "${@:-memory vault ledger ledgers intake killing reading hostile extraction english search register pages customers}"; do
  for one in $name; do
    home "$one"
    case $one in
      memory | vault | ledger | ledgers | intake | killing | hostile) rm -rf "$QIDANG_HOME"; measure "$one" ;;
      reading) measure reading --pages 8 ;;
      extraction) "$python" -m bench.extraction --write || failed+=(extraction) ;;
      english) "$python" -m bench.english --write || failed+=(english) ;;
      onboarding)
        for part in matched pages; do measure "onboarding/$part" --files "${QIDANG_BENCH_FILES:-10000}"; done
        ;;
      register) measure register --rounds 4 ;;
      search | pages)
        home "$one-$contracts"
        if [ "$one" = search ]; then measure search "$contracts"; else measure pages --contracts "$contracts"; fi
        ;;
      *) measure "$one" ;;
    esac
  done
done
[ ${#failed[@]} -eq 0 ] || { echo "failed: ${failed[*]}"; exit 1; }
