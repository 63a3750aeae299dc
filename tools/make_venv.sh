#!/usr/bin/env bash
# Makes the virtual environment with the first Python that runs and is 3.12 or newer.
set -eu
for python in python3.13 python3.12 python3; do
  if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; then
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
      echo "$python 缺少 venv：apt install $("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')-venv" >&2
      echo "$python has no venv module; install it as above" >&2
      exit 1
    fi
    echo "using $("$python" --version) ($python)"
    exec "$python" -m venv "$1"
  fi
done
cat >&2 <<'END'
没有找到能运行的 Python 3.12 或更新版本（试过 python3.13、python3.12、python3）。
Debian/Ubuntu：apt install python3.13 python3.13-venv；其他系统见 docs/operate/install.md。
Found no Python that runs and is 3.12 or newer (tried python3.13, python3.12, python3).
Debian/Ubuntu: apt install python3.13 python3.13-venv; others: docs/operate/install.md.
END
exit 1
