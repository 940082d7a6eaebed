package dev.ensembled.reconciler.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuorumTest {

    @ParameterizedTest
    @CsvSource({"1, 0, false", "1, 1, true", "2, 1, false", "3, 1, false", "3, 2, true", "4, 2, false", "5, 3, true"})
    void quorumIsMoreThanHalfOfTheVoters(int voters, int serving, boolean quorum) {
        assertThat(Quorum.ofMajority(upTo(voters)).isFormedBy(upTo(serving))).isEqualTo(quorum);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6})
    void nonVotingServerDoesNotCountForAQuorum(int observer) {
        assertThat(Quorum.ofMajority(Set.of(1, 2, 3)).isFormedBy(Set.of(1, observer)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 0", "3, 3, 1", "3, 2, 0", "3, 1, -1", "4, 4, 1", "5, 5, 2", "5, 4, 1", "7, 7, 3"})
    void marginIsTheNumberOfVotersThatMayStillFail(int voters, int serving, int margin) {
        assertThat(Quorum.ofMajority(upTo(voters)).margin(upTo(serving))).isEqualTo(margin);
    }

    @Test
    void marginByGroupsCountsTheWorstLoss() {
        // Three groups of two: a group is won only by both of its voters, and two groups are needed
        Quorum groups = new Quorum(upTo(6), Map.of(1, 1, 2, 1, 3, 2, 4, 2, 5, 3, 6, 3), Map.of());

        assertThat(groups.margin(upTo(6))).isEqualTo(1);
        assertThat(groups.margin(Set.of(1, 2, 3, 4, 5))).isZero();
        assertThat(groups.margin(Set.of(1, 2, 3, 5))).isEqualTo(-1);
    }

    @Test
    void voterWithTheWeightOfItsGroupDecidesTheMargin() {
        Quorum weighted = new Quorum(upTo(3), Map.of(1, 1, 2, 1, 3, 1), Map.of(1, 3));

        assertThat(weighted.margin(upTo(3))).isZero();
        assertThat(weighted.margin(Set.of(2, 3))).isEqualTo(-1);
    }

    private static Set<Integer> upTo(int last) {
        return IntStream.rangeClosed(1, last).boxed().collect(Collectors.toSet());
    }
}
