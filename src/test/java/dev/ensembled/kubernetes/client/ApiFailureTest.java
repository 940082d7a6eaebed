package dev.ensembled.kubernetes.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiFailureTest {
    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "403 | admission webhook \"evict.example.com\" denied the request: not now | true",
                "500 | Internal error occurred: failed calling webhook \"evict.example.com\": timeout | true",
                "422 | ValidatingAdmissionPolicy 'a' with binding 'b' denied request: not now | true",
                "403 | pods \"kafka-0\" is forbidden: User \"x\" cannot create resource \"pods/eviction\" | false",
                "429 | Cannot evict pod as it would violate the pod's disruption budget. | false",
            })
    void refusalOfAdmissionControlIsRecognized(int code, String message, boolean refused) {
        ApiFailure failure = new ApiFailure(new KubernetesClientException(
                new StatusBuilder().withCode(code).withMessage(message).build()));

        assertThat(failure.refusedByAdmission().isPresent()).isEqualTo(refused);
    }
}
