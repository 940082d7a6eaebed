package dev.ensembled.reconciler.observed;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What a ZooKeeper server says of itself. Whatever could not be read is {@link Unknown}, never a guess. */
public sealed interface Server {

    /** What it is in the ensemble right now. */
    enum Role {
        LEADER,
        FOLLOWER,
        OBSERVER
    }

    /**
     * In broadcast: it takes requests.
     *
     * @param role as it says ({@code zk_server_state})
     * @param zxid the last transaction that it has processed
     * @param configVersion of the committed membership that it goes by
     * @param voters ids of the voters in that membership
     * @param observers ids of the observers in that membership
     * @param syncedFollowers voters that follow it in sync; only a leader says so, 0 otherwise
     * @param syncedObservers observers that follow it in sync; only a leader says so, 0 otherwise
     * @param since since when it serves in this role
     * @param version of the server's software, such as 3.9.5
     */
    record Serving(
            Role role,
            long zxid,
            long configVersion,
            Set<Integer> voters,
            Set<Integer> observers,
            int syncedFollowers,
            int syncedObservers,
            Instant since,
            String version)
            implements Server {
        public Serving {
            voters = Set.copyOf(voters);
            observers = Set.copyOf(observers);
        }
    }

    /** It answers, and says that it does not serve: it looks for a leader, or syncs. */
    record NotServing(String detail) implements Server {}

    /** Known not to run: nothing listens at its address, or it has no instance. */
    record Down(String detail) implements Server {}

    /** It could not be read: no answer in time, or an answer that makes no sense. */
    record Unknown(String detail) implements Server {}

    /** This, if it serves. */
    default Optional<Serving> serving() {
        return this instanceof Serving serving ? Optional.of(serving) : Optional.empty();
    }

    /** What to show people: the role, or the state. */
    default String describe() {
        if (this instanceof Serving serving) {
            return serving.role().name().toLowerCase(java.util.Locale.ROOT);
        }
        if (this instanceof NotServing) {
            return "not serving";
        }
        return this instanceof Down ? "down" : "unknown";
    }
}
