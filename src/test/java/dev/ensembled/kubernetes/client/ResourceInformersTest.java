package dev.ensembled.kubernetes.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ResourceInformersTest {
    @Test
    void forbiddenListIsReportedWithTheMessageOfTheApiServer() {
        KubernetesClientException forbidden = new KubernetesClientException(new StatusBuilder()
                .withCode(403)
                .withMessage("configmaps is forbidden in the namespace \"search\"")
                .build());

        assertThat(ResourceInformers.error(new CompletionException(forbidden)))
                .isEqualTo("configmaps is forbidden in the namespace \"search\"");
        assertThat(ResourceInformers.error(new IllegalStateException("no answer")))
                .contains("no answer");
    }
}
