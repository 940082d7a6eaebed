#!/bin/bash
# Starts the ZooKeeper server of this pod. Mounted from a ConfigMap; runs as process 1 of the container.
#
# A server that finds its own data, and a membership that lists it, starts: nobody has to be asked. Any other server must
# not vote, and starts only when ensembled has given this pod a start permit:
#   bootstrap  begin with an empty database, together with the other bootstrap members
#   join       put aside whatever is there, and fetch what the others have
# The start permit is an annotation of the pod; its first line is one of these words, the others are the membership.
set -euo pipefail

readonly given=${ENSEMBLED_CONFIG:-/ensembled}
readonly data=${ENSEMBLED_DATA:-/data}
readonly log=${ENSEMBLED_DATALOG:-/datalog}
readonly conf=${ENSEMBLED_CONF:-/conf}
readonly permit=${ENSEMBLED_START_PERMIT:-/ensembled-start-permit}/start-permit
readonly super=${ENSEMBLED_SUPER:-/ensembled-super}/digest
readonly troubles=${ENSEMBLED_LOGS:-/logs}/troubles.log
readonly last_words=${ENSEMBLED_LAST_WORDS:-/dev/termination-log}
readonly wait_seconds=${ENSEMBLED_WAIT_SECONDS:-10}
readonly tell_seconds=${ENSEMBLED_TELL_SECONDS:-10}
readonly ensemble=${ENSEMBLED_ENSEMBLE:?the ensemble that this server belongs to}
readonly home=$data/ensembled
readonly unreadable=$home/unreadable
# Lives as long as the pod: not on the volume, which outlives it.
readonly used=$conf/ensembled-start-permit-used

# What ensembled reads from the exit code.
readonly BLANK=81 FOREIGN=82 CORRUPT=83

# Less than that is what the notifications of an election and the attempts of some thousand clients make.
readonly MOVES=$((4 * 1024 * 1024))

id=
server=
stopping=

say() { printf 'ensembled: %s\n' "$*" >&2; }

# What `kubectl describe` shows of a container that ended: the end of what is on the standard input.
leave_word() { tail -c 1000 >"$last_words" || say "cannot write to $last_words"; }

fail() {
    local code=$1
    shift
    say "$*"
    leave_word <<<"$*"
    exit "$code"
}

# ZooKeeper has no orderly shutdown that a kill would lose: what it acknowledged is on the disk. SIGTERM would leave the
# JVM frozen with open connections for a while. The JVM is a child, since process 1 cannot be killed from inside.
stop() {
    local children
    stopping=yes
    # Asked of the shell: the signal may come before the variable is set.
    children=$(jobs -p)
    if [ -z "$children" ]; then exit 143; fi
    # shellcheck disable=SC2086
    kill -KILL $children 2>/dev/null || true
}
trap stop TERM INT

# A file that is there is whole: it appears by a rename only after its content is on the disk.
write() {
    cat >"$1.new"
    sync "$1.new"
    mv "$1.new" "$1"
}

who_am_i() {
    local ordinal=${HOSTNAME##*-}
    [[ $ordinal =~ ^[0-9]+$ ]] || fail 1 "the host name $HOSTNAME does not end in an ordinal"
    id=$((10#$ordinal + 1))
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

lists_me() { grep -qs "^server\.$id=" "$(newest_membership)"; }

# One volume may be lost without the other: a database is a snapshot, and a directory for the log beside it.
has_data() { compgen -G "$data/version-2/snapshot.*" >/dev/null && [ -d "$log/version-2" ]; }

# ZooKeeper takes this file away when it has begun with an empty database.
is_bootstrapping() { [ -e "$log/initialize" ] && lists_me; }

belongs_to_another() {
    local owner
    if [ -e "$data/myid" ]; then
        owner=$(tr -d '[:space:]' <"$data/myid")
        if [ "$owner" != "$id" ]; then
            echo "the volume at $data belongs to server '$owner' (its myid), but $HOSTNAME is server $id"
            return 0
        fi
    fi
    if [ -e "$home/ensemble" ]; then
        owner=$(tr -d '[:space:]' <"$home/ensemble")
        if [ "$owner" != "$ensemble" ]; then
            echo "the volume at $data belongs to the ensemble $owner, but this is one of $ensemble"
            return 0
        fi
    fi
    return 1
}

permitted_to() {
    local how=
    if [ -s "$permit" ]; then read -r how <"$permit" || true; fi
    [ "$how" = "$1" ]
}

newly_permitted_to() { [ ! -e "$used" ] && permitted_to "$1"; }

# Of what is put aside the last is kept, and a database that was never filled does not push out one that was.
put_aside() {
    local directory
    rm -f "$unreadable"
    for directory in "$data" "$log"; do
        rm -f "$directory/initialize"
        if compgen -G "$directory/version-2/*.*" >/dev/null; then
            say "putting aside what is in $directory/version-2, to $directory/aside"
            mkdir -p "$directory/aside"
            rm -rf "$directory/aside/version-2"
            mv "$directory/version-2" "$directory/aside/version-2"
        else
            rm -rf "$directory/version-2"
        fi
    done
}

take_membership_from_permit() {
    mkdir -p "$home"
    rm -f "$home"/zoo.cfg.dynamic*
    tail -n +2 "$permit" | write "$home/zoo.cfg.dynamic"
}

own_volume() {
    mkdir -p "$home"
    write "$home/ensemble" <<<"$ensemble"
    write "$data/myid" <<<"$id"
}

# Each part may be repeated: the mark that the start permit was used comes last.
join() {
    say "server $id has a permit to join"
    put_aside
    take_membership_from_permit
    own_volume
    echo join >"$used"
}

bootstrap() {
    say "server $id has a permit to bootstrap the ensemble"
    put_aside
    take_membership_from_permit
    own_volume
    # Beside the log and not beside the snapshots: there ZooKeeper looks for it when both are apart.
    : | write "$log/initialize"
    echo bootstrap >"$used"
}

# A learner does not stand in the membership before it is given its place, so ZooKeeper's newest file does not list it; and
# one that crashed before it had learned anything has no data yet. It observes until it has, so its vote does not count.
goes_on_joining() {
    [ -e "$used" ] && permitted_to join && { ! lists_me || { ! has_data && [ "$(cat "$used")" = join ]; }; }
}

contents() {
    { stat -c '%n %s %Y' "$data"/version-2/* "$log"/version-2/* 2>/dev/null || true; } | cksum
}

# A server that could not read its data does not try again before somebody changed it, so that a start permit finds it
# waiting: once it has started on its own data, this pod takes none.
is_known_unreadable() { [ -s "$unreadable" ] && [ "$(head -n 1 "$unreadable")" = "$(contents)" ]; }

await_permit() {
    local ends=$((SECONDS + wait_seconds))
    say "$1; waiting for a start permit"
    until newly_permitted_to join || newly_permitted_to bootstrap || [ -e "$used" ] || ((SECONDS >= ends)); do
        sleep 0.2
    done
}

# Nothing but a start permit lets it start: what is on its disk is of no use.
await_permit_to_join() {
    local code=$1 reason=$2 otherwise=$3
    await_permit "$reason"
    newly_permitted_to join || fail "$code" "$reason$otherwise"
    join
}

# Returns when the server may start; ends the container otherwise.
pass() {
    local reason
    if newly_permitted_to join; then
        join
    elif reason=$(belongs_to_another); then
        await_permit_to_join $FOREIGN "$reason" ": not starting on it"
    elif goes_on_joining; then
        take_membership_from_permit
    elif is_known_unreadable; then
        await_permit_to_join $CORRUPT "server $id could not read its data when it started last" \
            ": $(tail -n +2 "$unreadable")"
    elif has_data && ! lists_me; then
        await_permit_to_join $BLANK "the membership that server $id saw last does not list it: it was removed" \
            ", and has no permit to join"
    elif ! has_data && ! is_bootstrapping; then
        reason="server $id finds no data at $data and $log"
        await_permit "$reason"
        if newly_permitted_to join; then
            join
        elif newly_permitted_to bootstrap; then
            bootstrap
        else
            fail $BLANK "$reason, and has no permit to start without"
        fi
    fi
}

configure() {
    local membership
    membership=$(newest_membership)
    own_volume
    # From here on the server has data that the others may come to count on: a start permit that arrives later must not
    # have a container that starts again put it aside.
    [ -e "$used" ] || echo own >"$used"
    {
        cat "$given/zoo.cfg"
        printf 'dynamicConfigFile=%s\n' "$membership"
        if [ -s "$super" ]; then
            printf 'DigestAuthenticationProvider.superDigest=super:%s\n' "$(cat "$super")"
        fi
    } | write "$home/zoo.cfg"
    cp "$given/logback.xml" "$conf/logback.xml"
    rm -f "$troubles"
    say "server $id of $ensemble, membership from $membership"
}

# What the server has read and written, and what came over the network, since not every JVM reads that in a way that the
# kernel counts as reading.
moved() {
    local sum=0 name value
    while read -r name value; do
        if [[ $name == [rw]char: ]]; then sum=$((sum + value)); fi
    done < <(cat "/proc/$server/io" 2>/dev/null)
    while IFS=$': \t' read -r name value _; do
        if [[ $name != lo && $value =~ ^[0-9]+$ ]]; then sum=$((sum + value)); fi
    done </proc/net/dev
    printf '%s\n' "$sum"
}

# A server that fetches or loads much data says nothing of it itself, and would look like one that found no leader.
# ensembled reads this from the log of a member that it has waited for for long.
tell_progress() {
    local first before now
    first=$(moved)
    now=$first
    while sleep "$tell_seconds"; do
        before=$now
        now=$(moved)
        if ((now - before >= MOVES)) && ! bash "$given/ready.sh" >/dev/null 2>&1; then
            say "not serving yet, and moves data: $((now - first)) bytes since it was started"
        fi
    done
}

# Sets code. A trapped signal ends the first wait early, with a code of its own; the second one tells how the server
# ended.
run() {
    local ended=0 telling
    code=0
    zkServer.sh start-foreground "$home/zoo.cfg" &
    server=$!
    tell_progress &
    telling=$!
    wait "$server" || code=$?
    if [ -n "$stopping" ]; then
        wait "$server" || ended=$?
        # 127: the first one had told already.
        if [ "$ended" != 127 ]; then code=$ended; fi
    fi
    kill "$telling" 2>/dev/null || true
}

# A disk that is full, or that cannot be read at all, holds no worse data for it.
cannot_read_its_data() {
    grep -q 'Unable to load database on disk' "$troubles" &&
        ! grep -qE 'No space left|Permission denied|Read-only file system|Input/output error|OutOfMemoryError' "$troubles"
}

# The JVM ends with 3 when it runs out of memory, and says so only on its output; ZooKeeper does for its directory.
ran_out_of_memory() { [ "$code" = 3 ] && ! grep -qs 'Unable to access datadir' "$troubles"; }

# Of a server that ended by itself.
explain() {
    if ran_out_of_memory; then
        { if [ -s "$troubles" ]; then words; fi; echo "java.lang.OutOfMemoryError: the heap is full"; } | leave_word
        return
    fi
    if [ ! -s "$troubles" ]; then return; fi
    if [ "$code" != 0 ] && cannot_read_its_data; then
        code=$CORRUPT
        { contents && words; } | write "$unreadable" || say "cannot write to $unreadable"
    fi
    words | leave_word
}

# What went wrong, without the places in the code.
words() { grep -v $'^\tat ' "$troubles"; }

who_am_i
pass
configure
run
if [ -z "$stopping" ]; then explain; fi
say "the server ended with code $code"
exit "$code"
