package dev.ensembled.reconciler.spec.validation.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.spec.Specs;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.validation.Violation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rendered resources, compared with what an API server accepts, before any manifest is pushed to one. */
class ContainerResourcesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "requests: {memory: 2Gi} | requests.memory: the memory request (2Gi) must not exceed the limit (832Mi by default): also set limits.memory",
                "limits: {memory: 700Mi} | limits.memory: the memory request (832Mi by default) must not exceed the limit (700Mi): also set requests.memory",
                "limits: {memory: 600Mi} | limits.memory: must be at least 128Mi more than the heap (512Mi, spec.jvm.heap), since the JVM needs memory besides it; 832Mi is recommended",
                "requests: {memory: 512Mi}, limits: {memory: 512Mi} | limits.memory: must be at least 128Mi more than",
                "limits: {cpu: 50m}      | limits.cpu: the cpu request (100m by default) must not exceed the limit (50m): also set requests.cpu",
                "requests: {cpu: 2}, limits: {cpu: 1} | requests.cpu: the cpu request (2) must not exceed the limit",
                "limits: {memory: 0}     | limits.memory: must be greater than 0: remove",
                "limits: {cpu: 0}        | limits.cpu: must be greater than 0: remove",
                "limits: {memory: -1Gi}  | limits.memory: must be a quantity such as 500m or 1Gi",
                "requests: {memory: 512m} | requests.memory: must be a whole number, not 512m: m means thousandths",
                "requests: {ephemeral-storage: 2Gi}, limits: {ephemeral-storage: 1Gi} | the ephemeral-storage request (2Gi) must not exceed",
                "requests: {hugepages-2Mi: 4Mi} | requests.hugepages-2Mi: must have a limit of the same amount",
                "requests: {hugepages-2Mi: 4Mi}, limits: {hugepages-2Mi: 8Mi} | must have a limit of the same amount",
                "requests: {example.com/gpu: 1} | requests.example.com/gpu: must have a limit of the same amount",
                "limits: {example.com/gpu: 500m} | limits.example.com/gpu: must be a whole number,",
                "requests: {memori: 1Gi} | requests.memori: unknown container resource: did you mean memory?",
                "requests: {storage: 1Gi} | requests.storage: unknown container resource",
                "requests: {kubernetes.io/x: 1} | unknown container resource",
            })
    void invalidServerResourcesAreRefused(String resources, String words) {
        assertRefused("podTemplate: {spec: {containers: [{name: zookeeper, resources: {" + resources + "}}]}}", words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "requests: {memory: 2Gi}, limits: {memory: 1Gi} | requests.memory: the memory request (2Gi) must not exceed the limit (1Gi)",
                "limits: {memory: 1Mi}                          | limits.memory: must be at least 6Mi, not 1Mi: a container",
                "limits: {memory: 0}                            | limits.memory: must be greater",
                "requests: {example.com/gpu: 1}                 | must have a limit of the same amount",
            })
    void invalidContainerResourcesAreRefused(String resources, String words) {
        assertRefused(
                "podTemplate: {spec: {containers: [{name: a, image: a, resources: {" + resources + "}}]}}", words);
        assertRefused(
                "podTemplate: {spec: {initContainers: [{name: a, image: a, resources: {" + resources + "}}]}}", words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "requests: {memory: 2Gi}, limits: {memory: 2Gi}",
                "requests: {memory: 640Mi}, limits: {memory: 640Mi}",
                "requests: {memory: 600Mi}",
                "requests: {memory: 600Mi}, limits: {memory: 700Mi}",
                "limits: {memory: 1Gi}",
                "requests: {cpu: 0}",
                "requests: {cpu: 50m}, limits: {cpu: 50m}",
                "requests: {memory: 2Gi}, limits: {memory: null}",
                "requests: {memory: null}, limits: {memory: 700Mi}",
                "requests: {cpu: null}, limits: {cpu: 50m}",
                "limits: null, requests: {memory: 2Gi}",
                "requests: {hugepages-2Mi: 4Mi}, limits: {hugepages-2Mi: 4Mi}",
                "limits: {hugepages-2Mi: 4Mi, example.com/gpu: 1}",
                "requests: {ephemeral-storage: 1Gi}, limits: {ephemeral-storage: 1024Mi}",
            })
    void resourcesThatAnApiServerAcceptsAreAccepted(String resources) {
        ParsedCommit parsed = Specs.read(
                Specs.with("podTemplate: {spec: {containers: [{name: zookeeper, resources: {" + resources + "}}]}}"));

        assertThat(parsed.violations()).isEmpty();
        assertThat(parsed.ensembles()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999999999Ti", "1Mi", "lots"})
    void invalidHeapIsNotComparedWithTheMemory(String heap) {
        String text =
                Specs.with("jvm: {heap: " + heap + "}\npodTemplate: {spec: {containers: [{name: zookeeper, resources:"
                        + " {limits: {memory: 700Mi}}}]}}");

        assertThat(Specs.read(text).violations())
                .singleElement()
                .extracting(Violation::field)
                .isEqualTo("spec.jvm.heap");
    }

    private static void assertRefused(String spec, String words) {
        ParsedCommit parsed = Specs.read(Specs.with(spec));

        assertThat(parsed.ensembles()).isEmpty();
        assertThat(parsed.violations())
                .singleElement()
                .extracting(Violation::toString)
                .asString()
                .contains(words);
    }
}
