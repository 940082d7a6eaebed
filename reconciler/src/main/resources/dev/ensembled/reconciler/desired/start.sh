#!/bin/bash
# Starts the ZooKeeper server of this pod. Mounted from a ConfigMap; runs as process 1 of the container.
#
# A server with its own data and a membership that lists it starts without a start permit. Any other server must not vote,
# and waits for a start permit for this pod:
#   bootstrap  start with an empty database, together with the other bootstrap members
#   join       put the data on the disk aside, and sync with the leader
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
readonly ensemble=${ENSEMBLED_ENSEMBLE:?the ensemble that this server belongs to}
readonly home=$data/ensembled
readonly unreadable=$home/unreadable
# Kept for as long as the pod exists, so not on the volume.
readonly used=$conf/ensembled-start-permit-used

# Exit codes, which ensembled reads.
readonly BLANK=81 FOREIGN=82 CORRUPT=83

id=

say() { printf 'ensembled: %s\n' "$*" >&2; }

# Writes the end of the standard input to where `kubectl describe` shows it for a container that ended.
leave_word() { tail -c 1000 >"$last_words" || say "cannot write to $last_words"; }

fail() {
    local code=$1
    shift
    say "$*"
    leave_word <<<"$*"
    exit "$code"
}

# shellcheck source-path=SCRIPTDIR source=start-disk.sh
source "$given/start-disk.sh"
# shellcheck source-path=SCRIPTDIR source=start-server.sh
source "$given/start-server.sh"
trap stop TERM INT

who_am_i() {
    local ordinal=${HOSTNAME##*-}
    [[ $ordinal =~ ^[0-9]+$ ]] || fail 1 "the host name $HOSTNAME does not end in an ordinal"
    id=$((10#$ordinal + 1))
}

permitted_to() {
    local how=
    if [ -s "$permit" ]; then read -r how <"$permit" || true; fi
    [ "$how" = "$1" ]
}

newly_permitted_to() { [ ! -e "$used" ] && permitted_to "$1"; }

# May be interrupted and repeated at any point: the mark that the start permit was used is written last.
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
    # In the directory of the log: if log and snapshots are separate, ZooKeeper looks for the file there.
    : | write "$log/initialize"
    echo bootstrap >"$used"
}

# No committed membership lists a learner before it joins, so ZooKeeper's newest file does not list it; after a crash during
# its first sync it has no data yet. It observes until it has joined, so it has no vote.
goes_on_joining() {
    [ -e "$used" ] && permitted_to join && { ! lists_me || { ! has_data && [ "$(cat "$used")" = join ]; }; }
}

await_permit() {
    local ends=$((SECONDS + wait_seconds))
    say "$1; waiting for a start permit"
    until newly_permitted_to join || newly_permitted_to bootstrap || [ -e "$used" ] || ((SECONDS >= ends)); do
        sleep 0.2
    done
}

# Its data cannot be used, so it starts only with a start permit.
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
    # From now on the other members may depend on the data of this server: after a restart of the container, a start permit
    # that arrived later must not put it aside.
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

who_am_i
pass
configure
run
if [ -z "$stopping" ]; then explain; fi
say "the server ended with code $code"
exit "$code"
