package dev.ensembled.kubernetes.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WriteFenceTest {
    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/namespaces/a/pods, false",
        "GET, /api/v1/namespaces/a/pods?watch=true, false",
        "HEAD, /version, false",
        "POST, /api/v1/namespaces/a/pods/p/eviction, true",
        "POST, /api/v1/namespaces/a/pods/p/eviction?dryRun=All, false",
        "POST, /api/v1/namespaces/a/pods/p/eviction?dryRun=None, true",
        "PATCH, /apis/apps/v1/namespaces/a/statefulsets/s?fieldManager=e&dryRun=All, false",
        "PATCH, /apis/apps/v1/namespaces/a/statefulsets/s?fieldManager=dryRun=All1, true",
        "PATCH, /apis/apps/v1/namespaces/a/statefulsets/s, true",
        "PUT, /apis/ensembled.dev/v1alpha1/namespaces/a/zookeeperensembles/z/status, true",
        "DELETE, /api/v1/namespaces/a/pods/p, true",
        "POST, /apis/authentication.k8s.io/v1/tokenreviews, false",
        "POST, /apis/authorization.k8s.io/v1/subjectaccessreviews, false",
        "POST, /apis/authorization.k8s.io.example.com/v1/things, true",
    })
    void onlyRequestsThatChangeNothingPass(String method, String uri, boolean changes) {
        assertThat(WriteFence.changes(method, URI.create("https://host" + uri))).isEqualTo(changes);
    }
}
