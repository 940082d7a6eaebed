package dev.ensembled.kubernetes.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.observed.Volume;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a claim's status reports about a volume. */
class VolumesTest {
    private static final ObjectNames NAMES = new ObjectNames(new EnsembleId("streaming", "kafka"));
    private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");
    private static final long GIB = 1L << 30;

    private static Volume volume(String conditions) throws JsonProcessingException {
        PersistentVolumeClaim claim = new YAMLMapper()
                .readValue(
                        """
                        metadata: {name: data-kafka-1}
                        spec: {resources: {requests: {storage: 2Gi}}}
                        status: {capacity: {storage: 1Gi}, conditions: [%s]}
                        """
                                .formatted(conditions),
                        PersistentVolumeClaim.class);
        return Volumes.of(NAMES, List.of(claim), NOW).get(0);
    }

    @Test
    void sizesAreThoseOfTheClaimAndItsMemberFollowsFromItsName() throws JsonProcessingException {
        assertThat(volume("")).isEqualTo(Volume.of("data-kafka-1", "data", 2, 2 * GIB, GIB));
    }

    @ParameterizedTest(name = "{0} {1} since {2}")
    @CsvSource({
        "FileSystemResizePending, True, 2026-01-01T00:07:59Z, 2026-01-01T00:09:59Z",
        // A kubelet may still grow it under the running server.
        "FileSystemResizePending, True, 2026-01-01T00:08:01Z,",
        "FileSystemResizePending, False, 2026-01-01T00:01:00Z,",
        // The storage still works on it; a restart does not help.
        "Resizing, True, 2026-01-01T00:01:00Z,"
    })
    void aFileSystemThatHadItsTimeToGrowNeedsARestart(String type, String status, String since, Instant needsRestart)
            throws JsonProcessingException {
        assertThat(volume("{type: %s, status: '%s', lastTransitionTime: '%s'}".formatted(type, status, since))
                        .needsRestartSince())
                .isEqualTo(Optional.ofNullable(needsRestart));
    }

    @Test
    void failedGrowthIsReportedWithTheReasonOfTheClaim() throws JsonProcessingException {
        assertThat(volume("{type: Resizing, status: 'True', message: busy},"
                                + " {type: ControllerResizeError, status: 'True', message: pool is full}")
                        .failure())
                .isEqualTo("ControllerResizeError (pool is full)");
        assertThat(volume("{type: NodeResizeError, status: 'False', message: was repaired}")
                        .failure())
                .isEmpty();
    }
}
