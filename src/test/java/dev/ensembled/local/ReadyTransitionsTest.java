package dev.ensembled.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.local.process.ProcessRecord;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReadyTransitionsTest {
    private static final String SLOT = "streaming/kafka/1";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Server DOWN = new Server.Down("refused");

    private final ReadyTransitions transitions = new ReadyTransitions();

    @Test
    void processThatNeverServedIsNotReadySinceItWasCreated() {
        assertThat(at(7, process("one", "new", 5), DOWN)).isEqualTo(time(5));
        assertThat(at(9, process("one", "new", 5), DOWN)).isEqualTo(time(5));
    }

    @Test
    void crashLoopDoesNotBeginANewTime() {
        at(1, process("one", "new", 0), DOWN);

        assertThat(at(20, process("two", "new", 19), DOWN)).isEqualTo(time(0));
        assertThat(at(50, process("three", "new", 49), DOWN)).isEqualTo(time(0));
        assertThat(transitions.hasServed(SLOT, process("three", "new", 49))).isFalse();
    }

    @Test
    void serverThatServedInBetweenBeginsANewTime() {
        at(1, process("one", "new", 0), DOWN);
        assertThat(at(10, process("one", "new", 0), serving(8))).isEqualTo(time(8));
        assertThat(transitions.hasServed(SLOT, process("one", "new", 0))).isTrue();

        assertThat(at(30, process("one", "new", 0), DOWN)).isEqualTo(time(30));
        assertThat(at(40, process("two", "new", 35), DOWN)).isEqualTo(time(30));
        assertThat(transitions.hasServed(SLOT, process("two", "new", 35))).isFalse();
    }

    @Test
    void anotherRevisionBeginsANewTime() {
        at(1, process("one", "bad", 0), DOWN);

        assertThat(at(61, process("two", "good", 60), DOWN)).isEqualTo(time(60));
        assertThat(at(71, process("three", "bad", 70), DOWN)).isEqualTo(time(70));
    }

    @Test
    void serversOfOtherSlotsAreIndependent() {
        at(1, process("one", "new", 0), DOWN);

        assertThat(transitions.of("streaming/kafka/11", process("other", "new", 9), DOWN, time(10)))
                .isEqualTo(time(9));
        assertThat(at(20, process("one", "new", 0), DOWN)).isEqualTo(time(0));
    }

    private Instant at(int seconds, ProcessRecord process, Server server) {
        return transitions.of(SLOT, process, server, time(seconds));
    }

    private static ProcessRecord process(String uid, String revision, int created) {
        return new ProcessRecord(uid, 1L, time(created), time(created), revision, Map.of());
    }

    private static Server serving(int since) {
        Membership one = Membership.ofMajority(1, Set.of(1), Set.of());
        return new Server.Serving(Server.Role.LEADER, 1, one, 0, 0, 0, 0, time(since), "3.9.5", Map.of());
    }

    private static Instant time(int seconds) {
        return START.plusSeconds(seconds);
    }
}
