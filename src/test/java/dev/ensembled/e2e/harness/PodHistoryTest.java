package dev.ensembled.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.e2e.harness.PodHistory.Takedown;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodHistoryTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void historyShowsTheOrderAndDurationOfAbsences() {
        // Given two pods, of which one is evicted and comes back
        PodHistory history =
                history(leaving(1, "zk-1", "b"), gone(2, "zk-1", "b"), down(3, "zk-1", "b2"), up(7, "zk-1", "b2"));
        // Then
        assertThat(history.takedowns()).singleElement().satisfies(takedown -> {
            assertThat(takedown.pod()).isEqualTo("zk-1");
            assertThat(takedown.evicted()).isTrue();
            assertThat(takedown.othersDown()).isEmpty();
            assertThat(history.away(takedown)).contains(Duration.ofSeconds(6));
        });
        assertThat(history.mostAwayAtOnce()).isEqualTo(1);
    }

    @Test
    void historyShowsASecondPodThatLeavesDuringAnAbsence() {
        PodHistory history = history(leaving(1, "zk-1", "b"), down(2, "zk-1", "b2"), leaving(3, "zk-0", "a"));
        assertThat(history.takedowns().get(1))
                .extracting(Takedown::pod, Takedown::othersDown)
                .containsExactly("zk-0", java.util.Set.of("zk-1"));
        assertThat(history.mostAwayAtOnce()).isEqualTo(2);
    }

    @Test
    void podThatLeavesTwiceCountsTwice() {
        PodHistory history =
                history(leaving(1, "zk-1", "b"), up(4, "zk-1", "b2"), leaving(5, "zk-1", "b2"), up(8, "zk-1", "b3"));
        assertThat(history.order()).containsExactly("zk-1", "zk-1");
    }

    @Test
    void aPodThatLosesReadinessIsDownWithoutHavingLeft() {
        PodHistory history = history(down(1, "zk-1", "b"), leaving(2, "zk-0", "a"));
        assertThat(history.takedowns()).singleElement().satisfies(takedown -> assertThat(takedown.othersDown())
                .containsExactly("zk-1"));
        assertThat(history.everDown()).containsExactly("zk-0", "zk-1");
        assertThat(history.mostAwayAtOnce()).isEqualTo(1);
    }

    private static PodHistory history(PodEvent... events) {
        return new PodHistory(Map.of("zk-0", up(0, "zk-0", "a"), "zk-1", up(0, "zk-1", "b")), List.of(events));
    }

    private static PodEvent up(int second, String pod, String uid) {
        return event(second, pod, uid, false, true, false);
    }

    private static PodEvent down(int second, String pod, String uid) {
        return event(second, pod, uid, false, false, false);
    }

    private static PodEvent leaving(int second, String pod, String uid) {
        return event(second, pod, uid, false, true, true);
    }

    private static PodEvent gone(int second, String pod, String uid) {
        return event(second, pod, uid, true, false, true);
    }

    private static PodEvent event(int second, String pod, String uid, boolean gone, boolean ready, boolean leaving) {
        return new PodEvent(START.plusSeconds(second), pod, uid, gone, ready, leaving, leaving, 0, "", "", "");
    }
}
