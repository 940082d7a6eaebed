# The process of the server: run, watched while it moves data, stopped, and explained when it has ended. Read by start.sh,
# which sets the variables.
# shellcheck shell=bash disable=SC2154

# Less than that is what the notifications of an election and the attempts of some thousand clients make.
readonly MOVES=$((4 * 1024 * 1024))
readonly tell_seconds=${ENSEMBLED_TELL_SECONDS:-10}

server=
stopping=

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

# A disk that is full, or that cannot be read at all, holds no worse data for it.
cannot_read_its_data() {
    grep -q 'Unable to load database on disk' "$troubles" &&
        ! grep -qE 'No space left|Permission denied|Read-only file system|Input/output error|OutOfMemoryError' "$troubles"
}

# The JVM ends with 3 when it runs out of memory, and says so only on its output; ZooKeeper does for its directory.
ran_out_of_memory() { [ "$code" = 3 ] && ! grep -qs 'Unable to access datadir' "$troubles"; }

# What went wrong, without the places in the code.
words() { grep -v $'^\tat ' "$troubles"; }

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
