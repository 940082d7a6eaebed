package dev.ensembled.reconciler.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

    private static Set<Integer> upTo(int last) {
        return IntStream.rangeClosed(1, last).boxed().collect(Collectors.toSet());
    }
}
