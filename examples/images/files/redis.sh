#!/bin/sh
# Starts redis-server as the user redis, as the public image does: `redis-server`, options alone, or any other command.
set -eu
case "${1-}" in
    -* | *.conf) set -- redis-server "$@" ;;
esac
if [ "${1-}" = redis-server ]; then
    [ $# -gt 1 ] || set -- redis-server --protected-mode no
    case " $* " in
        *' --protected-mode '* | *.conf*) ;;
        *) set -- "$@" --protected-mode no ;;
    esac
    if [ "$(id -u)" = 0 ]; then
        chown redis:redis .
        exec su -s /bin/sh -- redis -c 'exec "$0" "$@"' "$@"
    fi
fi
exec "$@"
