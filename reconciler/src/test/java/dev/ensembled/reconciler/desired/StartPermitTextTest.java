package dev.ensembled.reconciler.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StartPermitTextTest {
    private static final ObjectNames NAMES = new ObjectNames(new EnsembleId("streaming", "kafka"));
    private static final Membership TWO = Membership.ofMajority(7, Set.of(1, 2), Set.of());

    @Test
    void bootstrapMemberStartsWithTheBootstrapMembership() {
        assertThat(StartPermitText.text(StartPermit.BOOTSTRAP, 2, TWO, NAMES::endpoint))
                .isEqualTo(
                        """
                        bootstrap
                        server.1=kafka-0.kafka-headless.streaming.svc:2888:3888:participant;0.0.0.0:2181
                        server.2=kafka-1.kafka-headless.streaming.svc:2888:3888:participant;0.0.0.0:2181
                        """);
    }

    @Test
    void joiningMemberStartsAsObserverOfTheCommittedMembership() {
        assertThat(StartPermitText.text(StartPermit.JOIN, 3, TWO, NAMES::endpoint))
                .isEqualTo(
                        """
                        join
                        server.1=kafka-0.kafka-headless.streaming.svc:2888:3888:participant;0.0.0.0:2181
                        server.2=kafka-1.kafka-headless.streaming.svc:2888:3888:participant;0.0.0.0:2181
                        server.3=kafka-2.kafka-headless.streaming.svc:2888:3888:observer;0.0.0.0:2181
                        """);
    }

    @Test
    void writtenPermitIsReadAndAnyOtherTextPermitsNoStart() {
        for (StartPermit how : StartPermit.values()) {
            assertThat(StartPermitText.of(
                            Map.of(StartPermitText.KEY, StartPermitText.text(how, 3, TWO, NAMES::endpoint))))
                    .contains(how);
        }
        assertThat(StartPermitText.of(null)).isEmpty();
        assertThat(StartPermitText.of(Map.of())).isEmpty();
        assertThat(StartPermitText.of(Map.of(StartPermitText.KEY, "maybe\nserver.1=x")))
                .isEmpty();
    }
}
