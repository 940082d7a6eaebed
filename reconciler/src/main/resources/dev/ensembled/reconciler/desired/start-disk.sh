# Reads and changes the data on the volumes of a server. Sourced by start.sh, which sets the variables.
# shellcheck shell=bash disable=SC2154

# A file that exists is complete: it is renamed to its name after its content is on the disk.
write() {
    cat >"$1.new"
    sync "$1.new"
    mv "$1.new" "$1"
}

# ZooKeeper writes each committed membership to zoo.cfg.dynamic.VERSION (in hex) beside its configuration file.
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

# One volume may be lost without the other: a database consists of a snapshot and the directory of the log.
has_data() { compgen -G "$data/version-2/snapshot.*" >/dev/null && [ -d "$log/version-2" ]; }

# ZooKeeper deletes this file after it has started with an empty database.
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

contents() {
    { stat -c '%n %s %Y' "$data"/version-2/* "$log"/version-2/* 2>/dev/null || true; } | cksum
}

# A server that could not read its data does not start again with the same data, so that a start permit can be used: a pod
# whose server has started with its own data uses none.
is_known_unreadable() { [ -s "$unreadable" ] && [ "$(head -n 1 "$unreadable")" = "$(contents)" ]; }

# Only the latest database is kept aside, and an empty database does not replace one that has data.
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
