package dev.ensembled.reconciler.spec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.Allow;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.DeletionPolicy;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.MetricsSpec;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Approval;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Window;
import dev.ensembled.reconciler.spec.model.StorageSpec;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.ParsedCommit.Found;
import dev.ensembled.reconciler.spec.read.SourceFile;
import dev.ensembled.reconciler.spec.read.SpecReader;
import dev.ensembled.reconciler.spec.validation.Violation;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpecReaderTest {

    @Test
    void readerReadsEveryFieldOfTheSpec() {
        // When
        ParsedCommit parsed = Specs.read(Specs.FULL);

        // Then
        assertThat(parsed.violations()).isEmpty();
        assertThat(parsed.notes()).isEmpty();
        Found found = parsed.ensembles().get(0);
        assertThat(found.id()).isEqualTo(new EnsembleId("streaming", "kafka-zk"));
        assertThat(found.path()).isEqualTo(Specs.FILE);
        assertThat(found.resource().getMetadata().getLabels()).isEqualTo(Map.of("team", "data"));
        EnsembleSpec spec = found.resource().getSpec();
        assertThat(spec.version()).isEqualTo("3.9.5");
        assertThat(spec.image()).startsWith("registry.example:5000/mirror/zookeeper:3.9.5@sha256:");
        assertThat(spec.servers()).isEqualTo(7);
        assertThat(spec.jvm().options()).containsExactly("-XX:+UseG1GC", "-Dzookeeper.example=1");
        assertThat(spec.metrics()).isEqualTo(new MetricsSpec(7070));
        assertThat(spec.storage())
                .isEqualTo(new StorageSpec("10Gi", "fast", new StorageSpec.Log("5Gi", null), DeletionPolicy.Orphan));
        assertThat(spec.budget().maxUnavailable()).isEqualTo(2);
        assertThat(spec.rollout().paused()).isTrue();
        assertThat(spec.rollout().settle()).isZero();
        assertThat(spec.rollout().progressDeadline()).isEqualTo(Duration.ofMinutes(90));
        assertThat(spec.rollout().soak()).isEqualTo(Duration.ofMinutes(10));
        assertThat(spec.rollout().windows())
                .containsExactly(
                        new Window("0 2 * * 1-5", Duration.ofHours(2), "Europe/Berlin"),
                        new Window("0 0 * * 0", Duration.ofHours(24), "UTC"));
        assertThat(spec.rollout().approval()).isEqualTo(Approval.Always);
        assertThat(spec.rollout().handOffLeader()).isTrue();
        assertThat(spec.allow()).isEqualTo(new Allow(false, false, true));
        assertThat(spec.credentials().rotation()).isEqualTo(2);
        assertThat(spec.placement().required()).isTrue();
        assertThat(spec.deletionPolicy()).isEqualTo(DeletionPolicy.Delete);
    }

    @Test
    void podTemplateIsBound() {
        var containers = Specs.read(Specs.FULL)
                .ensembles()
                .get(0)
                .resource()
                .getSpec()
                .podTemplate()
                .getSpec()
                .getContainers();

        assertThat(containers).extracting("name").containsExactly("zookeeper", "exporter");
        assertThat(containers.get(0).getResources().getRequests().get("cpu")).isEqualTo(new Quantity("1"));
        assertThat(containers.get(1).getLivenessProbe().getTcpSocket().getPort().getIntVal())
                .isEqualTo(9100);
    }

    @Test
    void digitsOfSettingsAreKeptAsWritten() {
        assertThat(Specs.read(Specs.FULL)
                        .ensembles()
                        .get(0)
                        .resource()
                        .getSpec()
                        .config())
                .containsEntry("tickTime", "2000")
                .containsEntry("admin.enableServer", "false")
                .containsEntry("connection_throttle_decrease_ratio", "0.10")
                .containsEntry("snapshot.compression.method", "gz");
    }

    @Test
    void defaultsAreFilledIn() {
        // When
        Found found = Specs.read(Specs.minimal("kafka")).ensembles().get(0);

        // Then
        EnsembleSpec spec = found.resource().getSpec();
        assertThat(found.id()).isEqualTo(new EnsembleId("zookeeper", "kafka"));
        assertThat(spec.image()).isEqualTo("docker.io/library/zookeeper:3.9.5");
        assertThat(spec.observers()).isZero();
        assertThat(spec.config()).isEmpty();
        assertThat(spec.jvm().heap()).isEqualTo("512Mi");
        assertThat(spec.storage().size()).isEqualTo("10Gi");
        assertThat(spec.budget().maxUnavailable()).isEqualTo(1);
        assertThat(spec.rollout().settle()).isEqualTo(Duration.ofSeconds(5));
        assertThat(spec.rollout().soak()).isEqualTo(Duration.ofMinutes(1));
        assertThat(spec.rollout().windows()).isEmpty();
        assertThat(spec.rollout().approval()).isEqualTo(Approval.None);
        assertThat(spec.deletionPolicy()).isEqualTo(DeletionPolicy.Orphan);
        assertThat(spec.allow()).isEqualTo(new Allow(false, false, false));
        assertThat(spec.credentials().rotation()).isZero();
    }

    @Test
    void fieldWithoutAValueIsAbsent() {
        ParsedCommit parsed = Specs.read(Specs.with("config:\njvm:\npodTemplate: ~\nobservers:"));

        assertThat(parsed.violations()).isEmpty();
        assertThat(parsed.ensembles().get(0).resource().getSpec())
                .isEqualTo(Specs.read(Specs.minimal("kafka"))
                        .ensembles()
                        .get(0)
                        .resource()
                        .getSpec());
    }

    @Test
    void severalDocumentsAreReadAndForeignOnesAreNoted() {
        // Given
        String text = "# comment\n---\n" + Specs.minimal("a") + "---\nkind: ConfigMap\ndata: {a: 1, a: 2}\n---\n\n---\n"
                + Specs.minimal("b") + "--- # values of a chart\nreplicas: 3\n---\njust text\n";
        // When
        ParsedCommit parsed = Specs.read(text);

        // Then
        assertThat(parsed.ensembles()).extracting(found -> found.id().name()).containsExactly("a", "b");
        assertThat(parsed.violations()).isEmpty();
        assertThat(parsed.notes())
                .containsExactly(
                        Specs.FILE + ":8:1: ignored: kind ConfigMap, not ZooKeeperEnsemble",
                        Specs.FILE + ":18:1: ignored: kind is not set",
                        Specs.FILE + ":20:1: ignored: not a Kubernetes object, but a string");
    }

    @Test
    void emptyFileHasNoViolation() {
        assertThat(Specs.read("# nothing\n---\n...\n").violations()).isEmpty();
        assertThat(Specs.read("# nothing\n---\n...\n").notes()).isEmpty();
        assertThat(Specs.read("").violations()).isEmpty();
        assertThat(Specs.read("").notes()).isEmpty();
    }

    @Test
    void aSyntaxErrorInOneDocumentHidesNoOther() {
        // Given
        String broken =
                """
                apiVersion: ensembled.dev/v1alpha1
                kind: ZooKeeperEnsemble
                metadata: {name: broken, namespace: other}
                spec:
                  version: 3.9.5
                 voters: 3
                """;

        // When
        ParsedCommit parsed = Specs.read(Specs.minimal("a") + "---\n" + broken + "---\n" + Specs.minimal("b"));

        // Then
        assertThat(parsed.ensembles()).extracting(found -> found.id().name()).containsExactly("a", "b");
        assertThat(parsed.invalid()).containsExactly(new EnsembleId("other", "broken"));
        assertThat(parsed.invalidPaths()).containsExactly(Specs.FILE);
        assertThat(parsed.violations()).hasSize(1);
        Violation violation = parsed.violations().get(0);
        assertThat(violation.line()).isEqualTo(11);
        assertThat(violation.message()).startsWith("not valid YAML: ");
    }

    @Test
    void violationsOfAllFilesAreReportedAtOnceAndValidFilesPass() {
        // Given
        SourceFile bad = SourceFile.of("b/bad.yaml", Specs.with("observer: 1\nvoterz: 2\njvm: {heap: 1Xi}"));
        SourceFile worse = SourceFile.of("a/worse.yml", Specs.minimal("UPPER").replace("voters: 3", "voters: 4"));
        SourceFile good = SourceFile.of("c.yaml", Specs.minimal("good"));

        // When
        ParsedCommit parsed = new SpecReader("zookeeper", Set.of()).read(List.of(good, bad, worse));

        // Then
        assertThat(parsed.violations())
                .extracting(Violation::file, Violation::line, Violation::column, Violation::field)
                .containsExactly(
                        tuple("a/worse.yml", 3, 18, "metadata.name"),
                        tuple("a/worse.yml", 4, 32, "spec.voters"),
                        tuple("b/bad.yaml", 7, 3, "spec.observer"),
                        tuple("b/bad.yaml", 8, 3, "spec.voterz"),
                        tuple("b/bad.yaml", 9, 15, "spec.jvm.heap"));
        assertThat(parsed.ensembles()).extracting(Found::path).containsExactly("c.yaml");
        assertThat(parsed.invalid())
                .containsExactlyInAnyOrder(
                        new EnsembleId("zookeeper", "UPPER"), new EnsembleId("zookeeper", "kafka-zk"));
        assertThat(parsed.invalidPaths()).containsExactlyInAnyOrder("a/worse.yml", "b/bad.yaml");
    }

    @Test
    void secondDocumentOfAnEnsembleIsRefusedEvenIfOneIsInvalid() {
        // Given
        SourceFile first = SourceFile.of("a.yaml", Specs.minimal("same"));
        SourceFile second = SourceFile.of("b.yaml", Specs.minimal("same").replace("voters: 3", "voters: 2"));
        SourceFile elsewhere =
                SourceFile.of("c.yaml", Specs.minimal("same").replace("{name: same}", "{name: same, namespace: b}"));

        // When
        ParsedCommit parsed = new SpecReader("zookeeper", Set.of()).read(List.of(first, second, elsewhere));

        // Then
        assertThat(parsed.violations())
                .extracting(Violation::toString)
                .anyMatch(line -> line.startsWith(
                        "a.yaml:3:18: metadata.name: the ensemble zookeeper/same is also defined at" + " b.yaml:3:18"))
                .anyMatch(line -> line.startsWith(
                        "b.yaml:3:18: metadata.name: the ensemble zookeeper/same is also defined at" + " a.yaml:3:18"));
        assertThat(parsed.invalid()).containsExactly(new EnsembleId("zookeeper", "same"));
        assertThat(parsed.ensembles()).extracting(Found::id).containsExactly(new EnsembleId("b", "same"));
    }

    @Test
    void refusedFileIsAViolationIfItNamesOurKind() {
        // When
        byte[] ours = Specs.minimal("kafka").getBytes(StandardCharsets.UTF_16);
        ParsedCommit parsed = new SpecReader("zookeeper", Set.of())
                .read(List.of(
                        SourceFile.refused("link.yaml", "is a symbolic link: commit a file", ours),
                        SourceFile.refused("other.yaml", "is too large: split it", "kind: Foo".getBytes(US_ASCII))));

        // Then
        assertThat(parsed.violations())
                .containsExactly(new Violation("link.yaml", 1, 1, "", "is a symbolic link: commit a file"));
        assertThat(parsed.invalidPaths()).containsExactly("link.yaml");
        assertThat(parsed.notes()).containsExactly("other.yaml:1:1: ignored: is too large: split it");
        assertThat(parsed.files()).containsEntry("link.yaml", true).containsEntry("other.yaml", true);
    }

    @Test
    void ensemblesStayInTheAllowedNamespaces() {
        // Given
        SpecReader reader = new SpecReader("elsewhere", Set.of("a", "b"));

        // When
        ParsedCommit parsed = reader.read(List.of(
                SourceFile.of("1.yaml", Specs.minimal("x")),
                SourceFile.of("2.yaml", Specs.minimal("y").replace("{name: y}", "{name: y, namespace: c}")),
                SourceFile.of("3.yaml", Specs.minimal("z").replace("{name: z}", "{name: z, namespace: b}"))));

        // Then
        assertThat(parsed.ensembles()).extracting(Found::id).containsExactly(new EnsembleId("b", "z"));
        assertThat(parsed.violations())
                .extracting(Violation::message)
                .containsExactly(
                        "must be set: ensembles are not allowed in elsewhere, only in [a, b]",
                        "ensembles are not allowed in c, only in [a, b]");
    }

    @Test
    void resourceThatDidNotComeFromAFileIsChecked() {
        // Given
        SpecReader reader = new SpecReader("zookeeper", Set.of());
        ZooKeeperEnsemble resource = Specs.read(Specs.FULL).ensembles().get(0).resource();
        resource.getMetadata().setUid("c0ffee");
        resource.setStatus(EnsembleStatus.empty());
        assertThat(reader.check(resource)).isEmpty();

        // When
        resource.getSpec().podTemplate().getSpec().setHostname("mine");

        // Then
        assertThat(reader.check(resource))
                .extracting(Violation::file, Violation::field)
                .containsExactly(tuple("streaming/kafka-zk", "spec.podTemplate.spec.hostname"));
    }

    @Test
    void aliasesAreReplacedByTheirAnchors() {
        ParsedCommit parsed = Specs.read(Specs.with("storage: {size: &size 20Gi, log: {size: *size}}"));

        assertThat(parsed.violations()).isEmpty();
        assertThat(parsed.ensembles()
                        .get(0)
                        .resource()
                        .getSpec()
                        .storage()
                        .log()
                        .size())
                .isEqualTo("20Gi");
    }

    @Test
    void linesAreCountedAcrossDocumentsAndLineEndings() {
        String text = ("\uFEFF" + Specs.minimal("a") + "---\n" + Specs.with("jvmm: {}")).replace("\n", "\r\n");

        assertThat(Specs.read(text).violations())
                .extracting(Violation::toString)
                .containsExactly(Specs.FILE + ":12:3: spec.jvmm: unknown field: did you mean jvm?");
    }
}
