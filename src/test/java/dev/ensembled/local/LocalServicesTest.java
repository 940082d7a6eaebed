package dev.ensembled.local;

import static dev.ensembled.local.LocalEnsemble.ID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.stub.RolloutBuilder;
import dev.ensembled.stub.SpecBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What servers have in a cluster is available on one machine too, or is refused with a reason. */
class LocalServicesTest {
    private static final String JAAS =
            """
            Server {
              org.apache.zookeeper.server.auth.DigestLoginModule required user_kafka="secret";
            };
            """;

    @TempDir
    Path dir;

    @Test
    void everyServerHasAdminServerMetricsNettyAndSasl() throws Exception {
        Path jaas = Files.writeString(dir.resolve("jaas.conf"), JAAS);
        Map<String, String> config = Map.of(
                "admin.enableServer", "true",
                "admin.serverPort", "8080",
                "serverCnxnFactory", "org.apache.zookeeper.server.NettyServerCnxnFactory",
                "snapshot.compression.method", "snappy",
                "authProvider.sasl", "org.apache.zookeeper.server.auth.SASLAuthenticationProvider");
        EnsembleSpec spec = spec(config, List.of("-Djava.security.auth.login.config=" + jaas))
                .metrics(7000)
                .build();
        Desired desired = Desired.of(ID, spec, 1);
        try (LocalEnsemble ensemble = new LocalEnsemble(dir)) {
            assertThat(ensemble.platform().refusal(spec)).isEmpty();

            Observed observed = ensemble.settle(desired);

            assertThat(observed.members()).hasSize(3);
            Map<Integer, SortedMap<String, String>> services =
                    ensemble.platform().services(ID);
            for (int id = 1; id <= 3; id++) {
                assertThat(get(services.get(id).get("admin") + "/ruok")).contains("\"error\" : null");
                assertThat(get(services.get(id).get("admin") + "/voting_view")).contains("\"3\" : {");
                assertThat(get(services.get(id).get("metrics")))
                        .contains("\nquorum_size 3.0\n", "\nznode_count ", "jvm_memory");
                Path server = dir.resolve("servers/streaming/kafka/" + id);
                assertThat(Files.readString(server.resolve("log/server.log")))
                        .contains("NettyServerCnxnFactory", "snapshot.compression.method = SNAPPY")
                        .contains("Server successfully logged in");
                try (Stream<Path> snapshots = Files.list(server.resolve("data/version-2"))) {
                    assertThat(snapshots.map(Path::toString)).anyMatch(name -> name.endsWith(".snappy"));
                }
            }
            assertThat(services.values().stream().flatMap(each -> each.values().stream()))
                    .doesNotHaveDuplicates()
                    .hasSize(6);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "observerMasterPort=2191 | | config.observerMasterPort: all servers run on this machine",
                "audit.impl.class=com.acme.Audit | | config.audit.impl.class: class com.acme.Audit is not available",
                "authProvider.acme=com.acme.Auth | | class com.acme.Auth is not available on the local platform",
                "| -Dzookeeper.serverCnxnFactory=com.acme.Factory | class com.acme.Factory is not available",
                "| -Dcom.sun.management.jmxremote.port=9999 | only one of them can listen on the port",
                "| -javaagent:/opt/jmx.jar=7070:/opt/jmx.yaml | only one of them can listen on the port",
                "| -javaagent:/no/such/agent.jar | /no/such/agent.jar does not exist",
                "| -Djava.security.auth.login.config=/etc/zk/jaas | /etc/zk/jaas does not exist",
                "| -Xlog:gc:file=/no/such/gc.log | /no/such does not exist",
                "| -XX:HeapDumpPath=/no/such/dump | /no/such does not exist"
            })
    void unsupportedSpecIsRefusedWithTheReason(String setting, String option, String reason) throws IOException {
        Map<String, String> config = setting == null
                ? Map.of()
                : Map.of(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        EnsembleSpec spec =
                spec(config, option == null ? List.of() : List.of(option)).build();
        try (LocalEnsemble ensemble = new LocalEnsemble(dir)) {
            assertThat(ensemble.platform().refusal(spec))
                    .hasValueSatisfying(
                            text -> assertThat(text).contains(reason).endsWith(": remove it, or use a cluster"));
        }
    }

    private static SpecBuilder spec(Map<String, String> config, List<String> options) {
        return SpecBuilder.voters(3)
                .config(config)
                .jvm("128Mi", options.toArray(String[]::new))
                .rollout(RolloutBuilder.unsettled());
    }

    private static String get(String address) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(address).isEqualTo(200);
        return answer.body();
    }
}
