package dev.ensembled.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensembled.local.Endpoints.Content;
import dev.ensembled.local.Endpoints.Endpoint;
import dev.ensembled.local.Endpoints.Ensemble;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointsTest {
    @TempDir
    Path dir;

    @Test
    void scriptsFindTheAddressesAndMembers() throws Exception {
        Endpoints endpoints = new Endpoints(dir);
        endpoints.write(content("leader"));

        JsonNode file = new ObjectMapper().readTree(Files.readString(dir.resolve("endpoints.json")));
        assertThat(file.at("/web").asText()).isEqualTo("http://127.0.0.1:8080/");
        assertThat(file.at("/health").asText()).isEqualTo("http://127.0.0.1:8080/q/health");
        assertThat(file.at("/ensembles/0/namespace").asText()).isEqualTo("streaming");
        assertThat(file.at("/ensembles/0/name").asText()).isEqualTo("kafka");
        assertThat(file.at("/ensembles/0/connectString").asText()).isEqualTo("127.0.0.1:2181");
        assertThat(file.at("/ensembles/0/members/0/id").asInt()).isEqualTo(1);
        assertThat(file.at("/ensembles/0/members/0/role").asText()).isEqualTo("leader");
        assertThat(file.at("/ensembles/0/members/0/clientAddress").asText()).isEqualTo("127.0.0.1:2181");
        assertThat(file.at("/ensembles/0/members/0/pid").asLong()).isEqualTo(4711);
    }

    @Test
    void theFileIsWrittenOnlyWhenSomethingChangesAlsoByTheNextDaemon() throws Exception {
        new Endpoints(dir).write(content("leader"));
        Object before = inode();
        Endpoints next = new Endpoints(dir);
        next.write(content("leader"));
        assertThat(inode()).isEqualTo(before);

        next.write(content("follower"));
        assertThat(Files.readString(dir.resolve("endpoints.json"))).contains("follower");
        assertThat(dir.toFile().list()).containsExactly("endpoints.json");
    }

    @Test
    void invalidEndpointsFileIsReplaced() throws Exception {
        Files.writeString(dir.resolve("endpoints.json"), "{");
        new Endpoints(dir).write(content("leader"));
        assertThat(Files.readString(dir.resolve("endpoints.json"))).contains("leader");
    }

    private Object inode() throws Exception {
        return Files.readAttributes(dir.resolve("endpoints.json"), "unix:ino").get("ino");
    }

    private static Content content(String role) {
        return new Content(
                "http://127.0.0.1:8080/",
                "http://127.0.0.1:8080/q/health",
                List.of(new Ensemble(
                        "streaming",
                        "kafka",
                        "127.0.0.1:2181",
                        List.of(new Endpoint(1, role, "127.0.0.1:2181", 4711L, null)))));
    }
}
