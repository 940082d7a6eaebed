package dev.ensembled.reconciler.spec.validation.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.spec.Specs;
import dev.ensembled.reconciler.spec.read.Parsed;
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
                "requests: {memory: 2Gi} | requests.memory: the request of memory (2Gi) is above the limit (832Mi by default): set limits.memory too",
                "limits: {memory: 700Mi} | limits.memory: the request of memory (832Mi by default) is above the limit (700Mi): set requests.memory too",
                "limits: {memory: 600Mi} | limits.memory: leaves no room beside the heap of 512Mi (spec.jvm.heap): the server would be killed; use 832Mi",
                "requests: {memory: 512Mi}, limits: {memory: 512Mi} | limits.memory: leaves no room beside the heap",
                "limits: {cpu: 50m}      | limits.cpu: the request of cpu (100m by default) is above the limit (50m): set requests.cpu too",
                "requests: {cpu: 2}, limits: {cpu: 1} | requests.cpu: the request of cpu (2) is above the limit (1)",
                "limits: {memory: 0}     | limits.memory: a limit of 0 is none at all",
                "limits: {cpu: 0}        | limits.cpu: a limit of 0 is none at all",
                "limits: {memory: -1Gi}  | limits.memory: must be a quantity such as 500m or 1Gi",
                "requests: {memory: 512m} | requests.memory: 512m is no whole number: m stands for thousandths",
                "requests: {ephemeral-storage: 2Gi}, limits: {ephemeral-storage: 1Gi} | the request of ephemeral-storage (2Gi) is above",
                "requests: {hugepages-2Mi: 4Mi} | requests.hugepages-2Mi: needs a limit of the same amount",
                "requests: {hugepages-2Mi: 4Mi}, limits: {hugepages-2Mi: 8Mi} | needs a limit of the same amount",
                "requests: {example.com/gpu: 1} | requests.example.com/gpu: needs a limit of the same amount",
                "limits: {example.com/gpu: 500m} | limits.example.com/gpu: 500m is no whole number",
                "requests: {memori: 1Gi} | requests.memori: Kubernetes knows no such resource of a container: did you mean memory?",
                "requests: {storage: 1Gi} | requests.storage: Kubernetes knows no such resource",
                "requests: {kubernetes.io/x: 1} | Kubernetes knows no such resource",
            })
    void invalidServerResourcesAreRefused(String resources, String words) {
        assertRefused("podTemplate: {spec: {containers: [{name: zookeeper, resources: {" + resources + "}}]}}", words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "requests: {memory: 2Gi}, limits: {memory: 1Gi} | requests.memory: the request of memory (2Gi) is above the limit (1Gi)",
                "limits: {memory: 1Mi}                          | limits.memory: no container starts with 1Mi of memory",
                "limits: {memory: 0}                            | limits.memory: a limit of 0",
                "requests: {example.com/gpu: 1}                 | needs a limit of the same amount",
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
        Parsed parsed = Specs.read(
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
        Parsed parsed = Specs.read(Specs.with(spec));

        assertThat(parsed.ensembles()).isEmpty();
        assertThat(parsed.violations())
                .singleElement()
                .extracting(Violation::toString)
                .asString()
                .contains(words);
    }
}
