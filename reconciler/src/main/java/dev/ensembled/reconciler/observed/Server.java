package dev.ensembled.reconciler.observed;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

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
     * @param membership the committed one that it goes by
     * @param syncedFollowers voters that follow it in sync; only a leader says so, 0 otherwise
     * @param syncedObservers observers that follow it in sync; only a leader says so, 0 otherwise
     * @param learners servers that are connected to it to learn, in sync or not; only a leader says so, 0 otherwise
     * @param dataBytes the approximate size of its data
     * @param since since when it serves in this role
     * @param version of the server's software, such as 3.9.5
     * @param settings its configuration as it reports it, by the keys of zoo.cfg
     */
    record Serving(
            Role role,
            long zxid,
            Membership membership,
            int syncedFollowers,
            int syncedObservers,
            int learners,
            long dataBytes,
            Instant since,
            String version,
            Map<String, String> settings)
            implements Server {
        public Serving {
            settings = Map.copyOf(settings);
        }

        /** The version of the committed membership that it goes by. */
        public long configVersion() {
            return membership.version();
        }
    }

    /** It answers, and says that it does not serve: it looks for a leader, or syncs. */
    record NotServing(String detail) implements Server {}

    /** Known not to run: nothing listens at its address, or it has no instance. */
    record Down(String detail) implements Server {}

    /**
     * It could not be read: no answer in time, or an answer that makes no sense.
     *
     * @param turnedAway whether it accepted the connection and closed it before it answered
     */
    record Unknown(String detail, boolean turnedAway) implements Server {
        public Unknown(String detail) {
            this(detail, false);
        }
    }

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
