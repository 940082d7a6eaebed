# Runs, observes and stops the process of the server, and explains how it ended. Sourced by start.sh, which sets the
# variables.
# shellcheck shell=bash disable=SC2154

# Notifications of an election and connection attempts of some thousand clients cause less than that.
readonly MOVES=$((4 * 1024 * 1024))
readonly tell_seconds=${ENSEMBLED_TELL_SECONDS:-10}

server=
stopping=

# SIGKILL loses nothing, because ZooKeeper syncs a write to the disk before it acknowledges it. After SIGTERM, the JVM would
# keep connections open for a while. The JVM is a child process, since process 1 cannot be killed from inside.
stop() {
    local children
    stopping=yes
    # From the shell, since the signal may arrive before the variable is set.
    children=$(jobs -p)
    if [ -z "$children" ]; then exit 143; fi
    # shellcheck disable=SC2086
    kill -KILL $children 2>/dev/null || true
}

# Sets code. A trapped signal ends the first wait early, with a code of its own; the second wait returns the exit code of
# the server.
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
        # 127: the first wait has returned it.
        if [ "$ended" != 127 ]; then code=$ended; fi
    fi
    kill "$telling" 2>/dev/null || true
}

# The bytes that the server has read and written, and the bytes received over the network, because the kernel does not count
# every way in which a JVM reads from a socket.
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

# A server that loads data or syncs does not report progress, and cannot be distinguished from a server without a leader.
# ensembled reads these lines from the log of a member that is late.
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

# A full disk, or an I/O error, does not mean that the data is corrupt.
cannot_read_its_data() {
    grep -q 'Unable to load database on disk' "$troubles" &&
        ! grep -qE 'No space left|Permission denied|Read-only file system|Input/output error|OutOfMemoryError' "$troubles"
}

# The JVM exits with 3 when it runs out of memory, and prints the reason; ZooKeeper exits with 3 if its directory fails.
ran_out_of_memory() { [ "$code" = 3 ] && ! grep -qs 'Unable to access datadir' "$troubles"; }

# The error without its stack trace.
words() { grep -v $'^\tat ' "$troubles"; }

# For a server that exited without a signal.
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
