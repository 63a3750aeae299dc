#!/usr/bin/env bash
# 离线安装契档 Installs Qidang from this folder, without any network: ./install.sh [TARGET]   (/opt/qidang unless told)
set -eu -o pipefail
umask 022
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-/opt/qidang}
. "$here/wanted.env"

stop() { # ZH EN
  printf '%s\n%s\n' "$1" "$2" >&2
  exit 1
}

fits() { # PYTHON
  "$1" -c "import ensurepip, sys, venv; sys.exit('%d.%d' % sys.version_info[:2] != '$PYTHON_VERSION')" >/dev/null 2>&1
}

[ "$(uname -m)" = "$MACHINE" ] \
  || stop "这个安装包给 $MACHINE，这台机器是 $(uname -m)。" "This bundle is for $MACHINE; this machine is $(uname -m)."

glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d' ' -f2 || true)
[ "$(printf '%s\n' "$GLIBC" "${glibc:-0}" | sort -V | head -1)" = "$GLIBC" ] \
  || stop "需要 glibc $GLIBC 以上，这里是 ${glibc:-未知}。" "Needs glibc $GLIBC or newer; here it is ${glibc:-unknown}."

(cd "$here" && sha256sum --check --quiet --strict SHA256SUMS) \
  || stop "文件与校验值不符，请重新拷贝。" "The files differ from their digests; copy the bundle again."

mkdir -p "$target" || stop "不能写 $target。" "Cannot write $target."
free=$(df -Pk "$target" | awk 'NR == 2 {print $4}')
[ "$free" -gt 1500000 ] || stop "$target 所在磁盘不到 1.5 GB 空间。" "Less than 1.5 GB left on the disk of $target."

python=
for candidate in "${PYTHON:-}" "$target/python/bin/python3" "python$PYTHON_VERSION" python3; do
  if [ -n "$candidate" ] && fits "$candidate"; then python=$candidate && break; fi
done
if [ -z "$python" ] && compgen -G "$here/python/*" >/dev/null; then
  echo "unpacking Python"
  tar -xf "$here"/python/* -C "$target"
  ! fits "$target/python/bin/python3" || python=$target/python/bin/python3
fi
[ -n "$python" ] || stop \
  "没有找到带 venv 的 Python $PYTHON_VERSION；装好后用 PYTHON=/路径/python3 ./install.sh 指明，见 docs/operate/offline.md。" \
  "Found no Python $PYTHON_VERSION with venv; name one by PYTHON=/path/python3 ./install.sh, see docs/operate/offline.md."

echo "installing into $target with $("$python" --version)"
for part in qidang docs build/static node_modules; do rm -rf "${target:?}/$part"; done
cp -R "$here/app/." "$target/"
"$python" -m venv --clear "$target/.venv"

# whatever this machine says of indexes and mirrors, nothing is asked of a network
unset "${!PIP_@}"
export PIP_CONFIG_FILE=/dev/null PIP_NO_INDEX=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
pip=("$target/.venv/bin/python" -m pip -qq install --root-user-action=ignore)
"${pip[@]}" --no-deps --require-hashes --find-links "$here/wheels" -r "$here/wheels.txt"
"${pip[@]}" --no-deps --no-build-isolation --editable "$target"
"$target/.venv/bin/python" -m compileall -q "$target/qidang"

echo "$VERSION 已装好 installed：$target"
echo "试用 try it：QIDANG_HOME=~/qidang-demo $target/.venv/bin/qidang demo && QIDANG_HOME=~/qidang-demo $target/.venv/bin/qidang serve"
echo "投入使用 into service：$target/docs/operate/service.md"
