#!/usr/bin/env bash
# Runs every measurement and writes bench/RESULTS.md anew: what was measured, on which machine, the figures as printed.
set -u
cd "$(dirname "$0")/.."
python=.venv/bin/python
target=bench/RESULTS.md
{
  echo "# Figures"
  echo
  echo "Written by \`make bench\` on $(date +%F): $(nproc) cores, $(uname -m), $(sed -n 's/^MemTotal: *//p' /proc/meminfo) memory, $("$python" --version), commit $(git rev-parse --short HEAD)."
  echo "The load before the run was $(cut -d' ' -f1 /proc/loadavg): compare figures within one run only."
} >"$target.new"
failed=()
for script in "${@:-memory vault ledger intake reading extraction search register}"; do
  for name in $script; do
    [ -f "bench/$name.py" ] || continue
    echo "== $name"
    {
      echo
      echo "## $name"
      echo
      "$python" - "bench/$name.py" <<'END'
import ast, pathlib, sys
print(ast.get_docstring(ast.parse(pathlib.Path(sys.argv[1]).read_text())).split("\n\n")[0])
END
      echo
      echo '```'
    } >>"$target.new"
    "$python" -m "bench.$name" </dev/null 2>/tmp/qidang-bench.err | tee -a "$target.new"
    [ "${PIPESTATUS[0]}" -eq 0 ] || { failed+=("$name"); tail -5 /tmp/qidang-bench.err | tee -a "$target.new"; }
    echo '```' >>"$target.new"
  done
done
mv "$target.new" "$target"
[ ${#failed[@]} -eq 0 ] || { echo "failed: ${failed[*]}"; exit 1; }
