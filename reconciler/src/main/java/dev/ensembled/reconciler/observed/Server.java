package dev.ensembled.reconciler.observed;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What a ZooKeeper server reports about itself. A server that could not be read is {@link Unknown}, never a guess. */
public sealed interface Server {

    /** The role of a server in the ensemble at the moment. */
    enum Role {
        LEADER,
        FOLLOWER,
        OBSERVER
    }

    /**
     * In the state {@code broadcast}: it takes requests.
     *
     * @param role as reported ({@code zk_server_state})
     * @param zxid the last transaction that it has processed
     * @param membership the committed membership that it uses
     * @param syncedFollowers voters that follow it in sync; reported only by a leader, 0 otherwise
     * @param syncedObservers observers that follow it in sync; reported only by a leader, 0 otherwise
     * @param learners servers that are connected to it as learners, in sync or not; reported only by a leader, 0
     *     otherwise
     * @param dataBytes the approximate size of its data in bytes
     * @param since the time since which it has served in this role
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

        /** The version of the committed membership that it uses. */
        public long configVersion() {
            return membership.version();
        }
    }

    /** It answers, and reports that it does not serve: it looks for a leader, or syncs. */
    record NotServing(String detail) implements Server {}

    /** Known not to run: nothing listens at its address, or it has no instance. */
    record Down(String detail) implements Server {}

    /**
     * It could not be read: no answer in time, or an answer that is invalid.
     *
     * @param turnedAway whether it accepted the connection and closed it before it answered
     */
    record Unknown(String detail, boolean turnedAway) implements Server {
        public Unknown(String detail) {
            this(detail, false);
        }
    }

    /** Returns this state if the server serves. */
    default Optional<Serving> serving() {
        return this instanceof Serving serving ? Optional.of(serving) : Optional.empty();
    }

    /** The role or the state, to show to people. */
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
