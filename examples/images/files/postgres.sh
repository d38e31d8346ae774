#!/bin/sh
# Makes a database where there is none, then starts PostgreSQL as the user postgres. Understands what the public image does:
# POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB (each also as NAME_FILE), POSTGRES_INITDB_ARGS, POSTGRES_HOST_AUTH_METHOD,
# and *.sql and *.sh in /docker-entrypoint-initdb.d.
set -eu

fail() {
    printf 'postgres: %s\n' "$@" >&2
    exit 1
}

# NAME, or what the file NAME_FILE holds, or a default
value() {
    eval "given=\${$1:-} file=\${$1_FILE:-}"
    if [ -n "$file" ]; then
        [ -z "$given" ] || fail "both $1 and $1_FILE are set"
        given=$(cat "$file")
    fi
    printf '%s' "${given:-${2-}}"
}

make_database() {
    user=$(value POSTGRES_USER postgres)
    password=$(value POSTGRES_PASSWORD)
    database=$(value POSTGRES_DB "$user")
    method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
    [ -n "$password" ] || [ "$method" = trust ] || fail 'there is no database yet, and no password for its superuser:' \
        'set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE'
    umask 077
    printf '%s\n' "$password" >/tmp/password
    # shellcheck disable=SC2086 # options are several words
    initdb --no-sync --username="$user" ${password:+--pwfile=/tmp/password} --encoding=UTF8 --locale=C.UTF-8 \
        --auth-local=trust --auth-host="$method" ${POSTGRES_INITDB_ARGS:-} >/dev/null
    rm /tmp/password
    printf 'host all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"
    printf '%s\n' "listen_addresses = '*'" 'jit = off' >>"$PGDATA/postgresql.conf"
    umask 022
    first_steps
    echo "postgres: made a database for $user"
}

# The database is not reachable from outside until it is complete.
first_steps() {
    if [ "$database" = postgres ] && ! ls /docker-entrypoint-initdb.d/* >/dev/null 2>&1; then
        return
    fi
    pg_ctl --wait --silent --options="-c listen_addresses=''" start >/dev/null
    [ "$database" = postgres ] || createdb --username="$user" "$database"
    for step in /docker-entrypoint-initdb.d/*; do
        case $step in
            *.sh) sh "$step" ;;
            *.sql) psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username="$user" --dbname="$database" --file="$step" ;;
        esac
    done
    pg_ctl --wait --silent --mode=fast stop >/dev/null
}

case "${1-}" in
    -*) set -- postgres "$@" ;;
esac
if [ "${1-}" = postgres ]; then
    if [ "$(id -u)" = 0 ]; then
        mkdir -p "$PGDATA" /run/postgresql
        chown -R postgres:postgres "$PGDATA" /run/postgresql
        chmod 700 "$PGDATA"
        exec su -s /bin/sh -- postgres -c 'exec "$0" "$@"' "$0" "$@"
    fi
    [ -s "$PGDATA/PG_VERSION" ] || make_database
fi
exec "$@"
