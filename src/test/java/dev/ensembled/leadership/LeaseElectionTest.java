package dev.ensembled.leadership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaseElectionTest {
    private static final LeaseTimes TIMES = LeaseTimes.DEFAULT;
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

    private final SharedLease lease = new SharedLease();
    private final Replica first = new Replica("first");
    private final Replica second = new Replica("second");

    /** One replica with the clocks of its own machine. */
    private final class Replica {
        private final LeaseElection election;
        private long nanos = System.nanoTime();
        private Instant wall = NOON;

        Replica(String identity) {
            election = new LeaseElection(lease, identity, TIMES, () -> nanos, new WallClock());
        }

        void turn() throws IOException {
            election.turn();
        }

        void sleeps(Duration time) {
            nanos += time.toNanos();
            wall = wall.plus(time);
        }

        boolean mayAct() {
            return election.refusal().isEmpty();
        }

        private final class WallClock extends Clock {
            @Override
            public Instant instant() {
                return wall;
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException();
            }
        }
    }

    private void time(Duration passed) {
        first.sleeps(passed);
        second.sleeps(passed);
    }

    @Test
    void firstReplicaThatSeesAFreeLeaseLeadsAndTheOtherFollows() throws IOException {
        first.turn();
        second.turn();

        assertThat(first.election.isLeading()).isTrue();
        assertThat(first.mayAct()).isTrue();
        assertThat(second.election.isLeading()).isFalse();
        assertThat(second.election.refusal()).contains("this replica does not lead; first does");
        assertThat(second.election.leader()).contains("first");
    }

    @Test
    void leaderThatRenewsKeepsTheLease() throws IOException {
        first.turn();
        for (int i = 0; i < 100; i++) {
            time(TIMES.retry());
            first.turn();
            second.turn();
            assertThat(first.mayAct()).isTrue();
        }
        assertThat(second.election.isLeading()).isFalse();
    }

    @Test
    void anotherReplicaLeadsOnlyAfterTheWholeDurationWithoutARenewal() throws IOException {
        first.turn();
        second.turn();

        second.sleeps(TIMES.duration().minusMillis(1));
        second.turn();
        assertThat(second.election.isLeading()).isFalse();

        second.sleeps(Duration.ofMillis(1));
        second.turn();
        assertThat(second.election.isLeading()).isTrue();
        assertThat(lease.content.transitions()).isEqualTo(2);
    }

    @Test
    void leaderStopsBeforeAnyOtherReplicaMayLead() throws IOException {
        first.turn();
        second.turn();
        lease.unavailable = true;

        time(TIMES.renewWithin());

        assertThat(first.election.refusal())
                .hasValueSatisfying(reason -> assertThat(reason).contains("was not renewed within 4 s"));
        assertThat(first.election.isLeading()).isTrue();
        // The last call that it began still has the time for it
        assertThat(TIMES.renewWithin().plus(TIMES.call())).isLessThan(TIMES.duration());
    }

    @Test
    void leaderThatWasCutOffActsAgainIfNoOtherReplicaLeads() throws IOException {
        first.turn();
        lease.unavailable = true;
        first.sleeps(TIMES.duration().multipliedBy(2));
        assertThatIOException().isThrownBy(first::turn);
        assertThat(first.mayAct()).isFalse();

        lease.unavailable = false;
        first.turn();

        assertThat(first.mayAct()).isTrue();
        assertThat(lease.content.transitions()).isEqualTo(1);
    }

    @Test
    void leaderThatWasFrozenLosesTheLeaseAndNeverLeadsAgain() throws IOException {
        first.turn();
        second.turn();
        // When the first one and its machine's clocks stand still for longer than the lease
        second.sleeps(TIMES.duration());
        second.turn();
        assertThat(second.mayAct()).isTrue();
        // Then its own clock still permits one call, which the preconditions of the call must stop
        assertThat(first.mayAct()).isTrue();
        // But its next turn finds the other one
        first.turn();
        assertThat(first.election.isLost()).isTrue();
        assertThat(first.mayAct()).isFalse();
        second.sleeps(TIMES.duration());
        first.sleeps(TIMES.duration());
        first.turn();
        assertThat(first.election.isLeading()).isFalse();
        assertThat(lease.content.holder()).contains("second");
    }

    @Test
    void suspendedMachineWhoseMonotonicClockStoodStillMayNotAct() throws IOException {
        first.turn();
        first.wall = first.wall.plus(TIMES.renewWithin());

        assertThat(first.mayAct()).isFalse();
    }

    @Test
    void wallClockThatIsSetNeitherEndsNorProlongsATerm() throws IOException {
        first.turn();
        second.turn();
        // Forward: a renewal repairs it
        first.wall = first.wall.plus(Duration.ofHours(1));
        second.wall = second.wall.plus(Duration.ofDays(1));
        second.turn();
        assertThat(second.election.isLeading()).isFalse();
        first.turn();
        assertThat(first.mayAct()).isTrue();
        // Backward: the monotonic clock still counts
        first.wall = first.wall.minus(Duration.ofDays(2));
        first.nanos += TIMES.renewWithin().toNanos();
        assertThat(first.mayAct()).isFalse();
    }

    @Test
    void ofTwoThatTakeOverAtOnceOneLeads() throws IOException {
        first.turn();
        Replica third = new Replica("third");
        second.turn();
        third.turn();
        second.sleeps(TIMES.duration());
        third.sleeps(TIMES.duration());
        // When the third one writes between the read and the write of the second
        lease.beforeReplace = third::turn;
        second.turn();

        assertThat(second.election.isLeading()).isFalse();
        assertThat(third.election.isLeading()).isTrue();
        assertThat(lease.content.holder()).contains("third");
    }

    @Test
    void releasedLeaseIsTakenOverAtOnce() throws IOException {
        first.turn();
        second.turn();
        first.election.release();
        second.turn();

        assertThat(first.election.refusal()).contains("this replica is stopping");
        assertThat(second.mayAct()).isTrue();
        // And what the first one does later changes nothing
        first.election.release();
        assertThat(lease.content.holder()).contains("second");
    }

    @Test
    void restartOfTheSameReplicaLeadsAtOnce() throws IOException {
        first.turn();
        Replica restarted = new Replica("first");
        restarted.turn();

        assertThat(restarted.mayAct()).isTrue();
        assertThat(lease.content.transitions()).isEqualTo(2);
        // And the process before, if it still were there, has lost
        first.turn();
        assertThat(first.election.isLost()).isTrue();
    }

    @Test
    void hintOfAnotherReplicaIsNoSignOfLifeOfTheLeader() throws IOException {
        first.turn();
        second.turn();
        second.sleeps(TIMES.duration());
        lease.hint("fetch/default", "now");
        second.turn();

        assertThat(second.election.isLeading()).isTrue();
        assertThat(lease.content.hints()).containsKey("fetch/default");
    }

    @Test
    void withoutALeaseNoReplicaLeads() throws IOException {
        lease.content = null;
        first.turn();

        assertThat(first.mayAct()).isFalse();
        assertThat(first.election.leader()).isEmpty();
    }

    /** A lease that several replicas share, with the versions of an API server. */
    private static final class SharedLease implements LeaseStore {
        private interface Interference {
            void happens() throws IOException;
        }

        private LeaseRecord content =
                new LeaseRecord(Optional.empty(), Duration.ZERO, Optional.empty(), Optional.empty(), 0, Map.of(), "1");
        private boolean unavailable;
        private Interference beforeReplace;

        @Override
        public Optional<LeaseRecord> read() throws IOException {
            check();
            return Optional.ofNullable(content);
        }

        @Override
        public Optional<LeaseRecord> replace(LeaseRecord record) throws IOException {
            check();
            Interference other = beforeReplace;
            beforeReplace = null;
            if (other != null) {
                other.happens();
            }
            if (!content.version().equals(record.version())) {
                return Optional.empty();
            }
            content = with(record, record.hints());
            return Optional.of(content);
        }

        @Override
        public void hint(String key, String value) {
            content = with(content, Map.of(key, value));
        }

        private LeaseRecord with(LeaseRecord record, Map<String, String> hints) {
            return new LeaseRecord(
                    record.holder(),
                    record.duration(),
                    record.acquired(),
                    record.renewed(),
                    record.transitions(),
                    hints,
                    Integer.toString(Integer.parseInt(content.version()) + 1));
        }

        private void check() throws IOException {
            if (unavailable) {
                throw new IOException("the API server is away");
            }
        }

        @Override
        public String place() {
            return "Lease test/ensembled";
        }

        @Override
        public void close() {}
    }
}
