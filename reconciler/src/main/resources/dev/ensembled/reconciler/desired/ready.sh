#!/bin/bash
# Ready only while the server reports that it serves requests. An open port, "imok" or status 200 of the AdminServer do not
# mean that.

# "SERVER STATE - ZAB STATE[ - SYNC MODE]": it serves in the state broadcast, whatever the mode of its last sync was. The
# case of the letter i depends on the locale of the server.
serves() {
    case ${1%% - *} in
    follow*ng | lead*ng | observ*ng) ;;
    *) return 1 ;;
    esac
    case ${1#* - } in
    broadcast | 'broadcast - '*) return 0 ;;
    *) return 1 ;;
    esac
}

exec 3<>/dev/tcp/127.0.0.1/2181 || exit 1
printf mntr >&3
while IFS=$'\t' read -r -t 2 key value <&3; do
    if [ "$key" = zk_peer_state ]; then
        if serves "$value"; then exit 0; fi
        echo "not serving: $value"
        exit 1
    fi
done
echo "not serving: the server does not tell its state"
exit 1
