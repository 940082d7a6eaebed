package dev.ensembled.reconciler.observed;

import java.time.Instant;
import java.util.Locale;
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

        @Override
        public Optional<Serving> serving() {
            return Optional.of(this);
        }

        @Override
        public String describe() {
            return role.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public String detail() {
            return "";
        }
    }

    /** It answers, and reports that it does not serve: leader election or sync in progress. */
    record NotServing(String detail) implements Server {
        @Override
        public boolean isNotServing() {
            return true;
        }

        @Override
        public String describe() {
            return "not serving";
        }
    }

    /** Known not to run: nothing listens at its address, or it has no instance. */
    record Down(String detail) implements Server {
        @Override
        public boolean isDown() {
            return true;
        }

        @Override
        public String describe() {
            return "down";
        }
    }

    /**
     * It could not be read: no answer in time, or an answer that is invalid.
     *
     * @param turnedAway whether it accepted the connection and closed it before it answered
     */
    record Unknown(String detail, boolean turnedAway) implements Server {
        public Unknown(String detail) {
            this(detail, false);
        }

        @Override
        public boolean isUnknown() {
            return true;
        }

        @Override
        public String describe() {
            return "unknown";
        }
    }

    /** The role or the state, to show to people. */
    String describe();

    /** What is known beside the state, to show to people; empty if it serves. */
    String detail();

    /** Returns this state if the server serves. */
    default Optional<Serving> serving() {
        return Optional.empty();
    }

    /** Whether it is {@link Serving}. */
    default boolean isServing() {
        return serving().isPresent();
    }

    /** Whether it serves in this role. */
    default boolean isServingAs(Role role) {
        return serving().filter(serving -> serving.role() == role).isPresent();
    }

    /** Whether it is {@link NotServing}. */
    default boolean isNotServing() {
        return false;
    }

    /** Whether it is {@link Down}. */
    default boolean isDown() {
        return false;
    }

    /** Whether it is {@link Unknown}. */
    default boolean isUnknown() {
        return false;
    }

    /** Whether it accepted the connection and closed it before it answered. */
    default boolean turnedAway() {
        return false;
    }
}
