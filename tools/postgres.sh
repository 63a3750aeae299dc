# Sourced: a throw-away PostgreSQL cluster as an unprivileged user. Sets DATABASE_URL, or why_not and returns 1.

postgres_bin() {
  ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin 2>/dev/null | sort -V | tail -1
}

as_nobody() {
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups -- "$@"
  else
    "$@"
  fi
}

start_postgres() {
  local bin
  bin=$(postgres_bin)
  if [ -z "$bin" ]; then
    why_not="PostgreSQL is not installed: apt install postgresql"
    return 1
  fi
  cluster=$(mktemp -d /tmp/qidang-postgres-XXXXXX)
  if [ "$(id -u)" = 0 ]; then chown nobody "$cluster"; fi
  port=$((20000 + RANDOM % 20000))
  (cd "$cluster" \
    && as_nobody "$bin/initdb" -D "$cluster/data" -U qidang --auth=trust -E UTF8 --locale=C.UTF-8 --no-sync >"$cluster/log" 2>&1 \
    && as_nobody "$bin/pg_ctl" -D "$cluster/data" -l "$cluster/server.log" -w -t 60 start \
      -o "-k $cluster -p $port -h '' -c fsync=off -c full_page_writes=off -c max_connections=60" >>"$cluster/log" 2>&1) || {
    why_not="PostgreSQL did not start: $(tail -3 "$cluster/log" | tr '\n' ' ')"
    rm -rf "$cluster"
    return 1
  }
  export DATABASE_URL="postgresql://qidang@/postgres?host=$cluster&port=$port"
}

stop_postgres() {
  [ -n "${cluster:-}" ] || return 0
  as_nobody "$(postgres_bin)/pg_ctl" -D "$cluster/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$cluster"
}
