#!/bin/bash
# Starts the ZooKeeper server of this pod. Mounted from a ConfigMap; runs as process 1 of the container.
set -euo pipefail

readonly given=${ENSEMBLED_CONFIG:-/ensembled}
readonly data=${ENSEMBLED_DATA:-/data}
readonly conf=${ENSEMBLED_CONF:-/conf}
readonly home=$data/ensembled
server=
stopping=

say() { printf 'ensembled: %s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

# ZooKeeper has no orderly shutdown that a kill would lose: what it acknowledged is on the disk. SIGTERM would leave the
# JVM frozen with open connections for a while. The JVM is a child, since process 1 cannot be killed from inside.
stop() {
    stopping=yes
    # Asked of the shell: the signal may come before the variable is set.
    server=$(jobs -p)
    if [ -z "$server" ]; then exit 143; fi
    kill -KILL "$server" 2>/dev/null || true
}
trap stop TERM INT

# A file that is there is whole: it appears by a rename only after its content is on the disk.
write() {
    cat >"$1.new"
    sync "$1.new"
    mv "$1.new" "$1"
}

identify() {
    local ordinal=${HOSTNAME##*-}
    [[ $ordinal =~ ^[0-9]+$ ]] || fail "the host name $HOSTNAME does not end in an ordinal"
    local id=$((10#$ordinal + 1)) found
    if [ ! -e "$data/myid" ]; then
        write "$data/myid" <<<"$id"
    fi
    found=$(tr -d '[:space:]' <"$data/myid")
    if [ "$found" != "$id" ]; then
        fail "the volume at $data belongs to server '$found' (its myid), but $HOSTNAME is server $id:" \
            "refusing to start on another server's data; attach the right volume, or correct myid"
    fi
}

# ZooKeeper writes each membership that was committed to zoo.cfg.dynamic.VERSION (in hex) beside its configuration file.
newest_membership() {
    local newest=$home/zoo.cfg.dynamic highest=-1 file version
    for file in "$home"/zoo.cfg.dynamic.*; do
        version=${file##*.}
        if [[ $version =~ ^[0-9a-f]{1,16}$ ]] && ((16#$version > highest)); then
            highest=$((16#$version))
            newest=$file
        fi
    done
    printf '%s\n' "$newest"
}

configure() {
    local membership
    mkdir -p "$home"
    membership=$(newest_membership)
    if [ ! -e "$membership" ]; then
        write "$membership" <"$given/zoo.cfg.dynamic"
    fi
    {
        cat "$given/zoo.cfg"
        printf 'dynamicConfigFile=%s\n' "$membership"
    } | write "$home/zoo.cfg"
    cp "$given/logback.xml" "$conf/logback.xml"
    say "server $(cat "$data/myid"), membership from $membership"
}

identify
configure
zkServer.sh start-foreground "$home/zoo.cfg" &
server=$!

# A trapped signal ends the first wait early, with a code of its own; the second one tells how the server ended.
code=0
wait "$server" || code=$?
if [ -n "$stopping" ]; then
    ended=0
    wait "$server" || ended=$?
    # 127: the first one had told already.
    if [ "$ended" != 127 ]; then code=$ended; fi
fi
say "the server ended with code $code"
exit "$code"
