package dev.ensembled.kubernetes.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Instance.Problem;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodPhaseTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");

    @ParameterizedTest(name = "{1} {2}: {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | PENDING | Pending | ''",
                "{phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: no node}]}"
                        + " | PENDING | Unschedulable | no node",
                "{containerStatuses: [{name: zookeeper, state: {waiting: {reason: ContainerCreating}}}]}"
                        + " | PENDING | ContainerCreating | ''",
                "{containerStatuses: [{name: zookeeper, state: {waiting: {reason: ImagePullBackOff, message: no such image}}}]}"
                        + " | PENDING | ImagePullBackOff | no such image",
                "{initContainerStatuses: [{name: a, state: {terminated: {exitCode: 0}}}, {name: b, state: {waiting: {reason: ErrImagePull, message: none}}}],"
                        + " containerStatuses: [{name: zookeeper, state: {waiting: {reason: PodInitializing}}}]}"
                        + " | PENDING | Init:ErrImagePull | init container b: none",
                "{initContainerStatuses: [{name: a, state: {terminated: {exitCode: 3, reason: Error}}}],"
                        + " containerStatuses: [{name: zookeeper, state: {waiting: {reason: PodInitializing}}}]}"
                        + " | PENDING | Init:Error | init container a: exit code 3",
                "{containerStatuses: [{name: zookeeper, state: {running: {}}}]} | RUNNING | '' | ''",
                "{containerStatuses: [{name: sidecar, state: {waiting: {reason: X}}}, {name: zookeeper, state: {running: {}}}]} | RUNNING | '' | ''",
                "{containerStatuses: [{name: zookeeper, state: {running: {}}, lastState: {terminated: {exitCode: 1}}}]} | RUNNING | '' | ''",
                "{containerStatuses: [{name: zookeeper, state: {terminated: {exitCode: 137, reason: OOMKilled}}}]} | CRASHED | OOMKilled | exit code 137",
                "{containerStatuses: [{name: zookeeper, state: {waiting: {reason: CrashLoopBackOff, message: back-off}},"
                        + " lastState: {terminated: {exitCode: 1, message: 'bad config '}}}]} | CRASHED | CrashLoopBackOff | exit code 1: bad config",
                "{containerStatuses: [{name: zookeeper, state: {waiting: {reason: CrashLoopBackOff}},"
                        + " lastState: {terminated: {exitCode: 137, reason: OOMKilled}}}]} | CRASHED | OOMKilled | exit code 137",
                "{containerStatuses: [{name: zookeeper, state: {waiting: {reason: CrashLoopBackOff}},"
                        + " lastState: {terminated: {exitCode: 3, reason: Error, message: 'java.lang.OutOfMemoryError: x'}}}]}"
                        + " | CRASHED | OutOfMemory | exit code 3: java.lang.OutOfMemoryError: x",
                "{conditions: [{type: Ready, status: 'False', lastTransitionTime: '2026-01-01T00:00:00Z'}],"
                        + " containerStatuses: [{name: zookeeper, state: {running: {startedAt: '2026-01-01T00:00:30Z'}},"
                        + " lastState: {terminated: {exitCode: 137, reason: OOMKilled}}}]} | RUNNING | OOMKilled | exit code 137",
                "{conditions: [{type: Ready, status: 'False', lastTransitionTime: '2026-01-01T00:00:40Z'}],"
                        + " containerStatuses: [{name: zookeeper, state: {running: {startedAt: '2026-01-01T00:00:30Z'}},"
                        + " lastState: {terminated: {exitCode: 137, reason: OOMKilled}}}]} | RUNNING | '' | ''",
                "{phase: Failed, reason: Evicted, message: disk pressure} | CRASHED | Evicted | disk pressure",
                "{phase: Unknown, reason: X} | UNKNOWN | X | ''",
                "{conditions: [{type: Ready, status: 'False'}, {type: ContainersReady, status: 'True'}],"
                        + " containerStatuses: [{name: zookeeper, state: {running: {}}}]} | UNKNOWN | NodeLost | node node-1 stopped reporting its status",
                "{conditions: [{type: Ready, status: 'False'}, {type: ContainersReady, status: 'False'}],"
                        + " containerStatuses: [{name: zookeeper, state: {running: {}}}]} | RUNNING | '' | ''",
            })
    void podPhaseUsesTheReasonsOfKubernetes(String status, Phase phase, String reason, String message)
            throws JsonProcessingException {
        assertThat(PodPhase.of(pod("{name: kafka-0}", "{nodeName: node-1}", status), NOW))
                .isEqualTo(new PodPhase(phase, reason, message));
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "PENDING, Unschedulable, UNSCHEDULABLE",
        "PENDING, SchedulingGated, UNSCHEDULABLE",
        "PENDING, FailedScheduling, UNSCHEDULABLE",
        "PENDING, ErrImagePull, IMAGE",
        "PENDING, ImagePullBackOff, IMAGE",
        "PENDING, InvalidImageName, IMAGE",
        "PENDING, Init:ErrImageNeverPull, IMAGE",
        "PENDING, FailedMount, VOLUME",
        "PENDING, FailedAttachVolume, VOLUME",
        "PENDING, ContainerCreating, NONE",
        "PENDING, CreateContainerConfigError, NONE",
        "CRASHED, CrashLoopBackOff, BACK_OFF",
        "CRASHED, Error, NONE",
        "CRASHED, OOMKilled, MEMORY_LIMIT",
        "CRASHED, OutOfMemory, HEAP_FULL",
        "RUNNING, OOMKilled, MEMORY_LIMIT",
        "RUNNING, '', NONE",
        "UNKNOWN, NodeLost, NONE",
        "TERMINATING, Terminating, NONE"
    })
    void problemIsRecognizedByTheReason(Phase phase, String reason, Problem problem) {
        assertThat(new PodPhase(phase, reason, "").problem()).isEqualTo(problem);
    }

    @Test
    void aPodWithReadinessGatesMayBeUnreadyOnAHealthyNode() throws JsonProcessingException {
        Pod pod = pod(
                "{name: kafka-0}",
                "{readinessGates: [{conditionType: x}]}",
                "{conditions: [{type: Ready, status: 'False'}, {type: ContainersReady, status: 'True'}],"
                        + " containerStatuses: [{name: zookeeper, state: {running: {}}}]}");

        assertThat(PodPhase.of(pod, NOW).phase()).isEqualTo(Phase.RUNNING);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T00:01:05Z, TERMINATING",
        "2026-01-01T00:00:50Z, TERMINATING",
        "2026-01-01T00:00:40Z, UNKNOWN"
    })
    void aPodThatDoesNotGoInTimeIsUnknownAndNotGone(String deletion, Phase phase) throws JsonProcessingException {
        Pod pod = pod(
                "{name: kafka-0, deletionTimestamp: '" + deletion + "'}",
                "{nodeName: node-1}",
                "{containerStatuses: [{name: zookeeper, state: {running: {}}}]}");

        assertThat(PodPhase.of(pod, NOW).phase()).isEqualTo(phase);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | FINE",
                "{state: {terminated: {exitCode: 81}}} | BLANK",
                "{state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 82}}} | FOREIGN",
                "{state: {terminated: {exitCode: 83}}, lastState: {terminated: {exitCode: 81}}} | CORRUPT",
                "{state: {terminated: {exitCode: 137}}, lastState: {terminated: {exitCode: 81}}} | FINE",
                "{state: {running: {}}, lastState: {terminated: {exitCode: 81}}} | FINE",
            })
    void lastTerminationOfAStoppedServerShowsItsDiskState(String container, Disk disk) throws JsonProcessingException {
        String status = container.equals("{}")
                ? "{}"
                : "{containerStatuses: [" + container.replaceFirst("\\{", "{name: zookeeper, ") + "]}";

        assertThat(PodPhase.disk(pod("{name: kafka-0}", "{nodeName: node-1}", status)))
                .isEqualTo(disk);
    }

    private static Pod pod(String metadata, String spec, String status) throws JsonProcessingException {
        return new YAMLMapper()
                .readValue("{metadata: " + metadata + ", spec: " + spec + ", status: " + status + "}", Pod.class);
    }
}
