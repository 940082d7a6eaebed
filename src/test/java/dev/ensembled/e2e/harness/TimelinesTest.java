package dev.ensembled.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelinesTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void aWriterThatWritesHidesTheStallOfAnotherButOnlyInTheSumOfAll() {
        WriteTimeline timeline = new WriteTimeline(0, 10 * SECOND, List.of(at(1, 2, 8, 9), at(1, 4, 5, 9)));
        assertThat(timeline.longestWithoutAnyWrite()).isEqualTo(Duration.ofSeconds(3));
        assertThat(timeline.longestStallOfAWriter()).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void aWriterThatNeverWroteStalledAllTheTime() {
        WriteTimeline timeline = new WriteTimeline(0, 10 * SECOND, List.of(at()));
        assertThat(timeline.longestWithoutAnyWrite()).isEqualTo(Duration.ofSeconds(10));
        assertThat(timeline.stallPerWriter()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void anEpochIsALeaderChangeEvenWhenTheSameServerLeadsAgain() {
        LeaderTimeline timeline =
                new LeaderTimeline(List.of(seen(0, "zk-0", 1), seen(1, "zk-0", 1), seen(4, "zk-0", 2)));
        assertThat(timeline.leaderChanges()).isEqualTo(1);
        assertThat(timeline.longestWithoutLeader()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void epochOfLeadershipComesFromTheAnswerOfALeaderOnly() {
        assertThat(ServerWords.leadingEpoch("Zxid: 0x300000007\nMode: leader\nNode count: 5\n"))
                .contains(3L);
        assertThat(ServerWords.leadingEpoch("Zxid: 0x300000007\nMode: follower\nNode count: 5\n"))
                .isEmpty();
        assertThat(ServerWords.leadingEpoch("This ZooKeeper instance is not currently serving requests\n"))
                .isEmpty();
    }

    private static List<Long> at(int... seconds) {
        return Arrays.stream(seconds).mapToObj(second -> second * SECOND).toList();
    }

    private static LeaderTimeline.Sighting seen(int second, String pod, long epoch) {
        return new LeaderTimeline.Sighting(second * SECOND, pod, epoch);
    }
}
