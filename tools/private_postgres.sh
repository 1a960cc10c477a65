#!/usr/bin/env bash
# A private PostgreSQL cluster on loopback for the tests: `start DIR` prints its address, `stop DIR` ends and removes it.
# fsync is off: the tests kill processes, not the machine, and what a server was handed survives its client's death.
# Nothing about durable writes a second may be measured against this cluster.
set -euo pipefail

command=${1:?start or stop} folder=${2:?a folder for the cluster}
port=${RINGFENCE_TEST_PORT:-54329}
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || { echo "no PostgreSQL server is installed; install Debian's package postgresql" >&2; exit 3; }

as_owner() {  # the server refuses to run as root
    if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

case $command in
start)
    mkdir -p "$folder"
    [ "$(id -u)" != 0 ] || chown postgres "$folder"
    as_owner "$bin/initdb" -D "$folder/cluster" -U ringfence -A trust -E UTF8 --locale=C >"$folder/initdb.log" 2>&1
    as_owner "$bin/pg_ctl" -D "$folder/cluster" -w -l "$folder/cluster/server.log" \
        -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories='' -c max_connections=200 -c fsync=off -c full_page_writes=off" start >/dev/null
    echo "postgresql+psycopg://ringfence@127.0.0.1:$port/postgres"
    ;;
stop)
    as_owner "$bin/pg_ctl" -D "$folder/cluster" -m immediate stop >/dev/null || true
    rm -rf "$folder"
    ;;
*)
    echo "start or stop, not $command" >&2
    exit 2
    ;;
esac
