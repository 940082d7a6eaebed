package dev.ensembled.kubernetes.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The selection of the Event that explains why a pod does not start. */
class PodEventsTest {
    private static final Event UNSCHEDULED = new EventBuilder()
            .withReason("FailedScheduling")
            .withNewEventTime("2026-01-01T00:00:02.000001Z")
            .build();
    private static final Event UNATTACHED = event("FailedAttachVolume", "2026-01-01T00:00:09Z");
    private static final Event UNMOUNTED = event("FailedMount", "2026-01-01T00:00:08Z");

    private static Event event(String reason, String last) {
        return new EventBuilder().withReason(reason).withLastTimestamp(last).build();
    }

    private static Pod pod(String node) {
        return new PodBuilder().withNewSpec().withNodeName(node).endSpec().build();
    }

    @Test
    void newestEventCountsWhicheverTimeFieldItUses() {
        assertThat(PodEvents.telling(pod("node-1"), List.of(UNSCHEDULED, UNATTACHED, UNMOUNTED)))
                .contains(UNATTACHED);
        assertThat(PodEvents.telling(pod(null), List.of(event("Older", "2026-01-01T00:00:01Z"), UNSCHEDULED)))
                .contains(UNSCHEDULED);
    }

    @Test
    void schedulingEventIsIgnoredForAPodWithANode() {
        assertThat(PodEvents.telling(pod("node-1"), List.of(UNSCHEDULED))).isEmpty();
        assertThat(PodEvents.telling(pod(null), List.of(UNSCHEDULED))).contains(UNSCHEDULED);
    }

    @Test
    void missingPodIsExplainedByItsOwnNewRefusalOnly() {
        Instant since = Instant.parse("2026-01-01T00:00:05.500Z");
        Event old = refusal("kafka-1", "2026-01-01T00:00:04Z");
        Event ofAnother = refusal("kafka-11", "2026-01-01T00:00:07Z");
        Event first = refusal("kafka-1", "2026-01-01T00:00:05Z");
        Event last = refusal("kafka-1", "2026-01-01T00:00:06Z");

        assertThat(PodEvents.refusing("kafka-1", since, List.of(old, last, first, ofAnother, UNMOUNTED)))
                .contains(last);
        assertThat(PodEvents.refusing("kafka-1", since, List.of(old, ofAnother, UNMOUNTED)))
                .isEmpty();
    }

    private static Event refusal(String pod, String last) {
        return new EventBuilder(event("FailedCreate", last))
                .withMessage("create Pod " + pod + " in StatefulSet kafka failed error: exceeded quota")
                .build();
    }
}
