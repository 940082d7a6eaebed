package dev.ensembled.reconciler.spec.validation.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.spec.ClassConstants;
import dev.ensembled.reconciler.spec.Specs;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.validation.Violation;
import dev.ensembled.reconciler.spec.validation.server.ServerKeys.ServerKey;
import dev.ensembled.reconciler.spec.validation.server.ServerKeys.Where;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The list of keys against the classes of real ZooKeeper servers: every key has a reader, and the key of every reader is
 * listed.
 */
class OwnedKeysTest {
    private static final String PREFIX = "zookeeper.";
    private static final String CONFIG = "org/apache/zookeeper/server/quorum/QuorumPeerConfig";
    /** Completed by a suffix, or set by the system and not by people. */
    private static final Set<String> NO_KEYS = Set.of("", "authProvider.", "ssl.", "ssl.quorum.", "version");

    private static final String PROVIDER_CLASS = "org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider";

    private static final Set<String> PROVIDER = provider();

    private static Set<String> provider() {
        try {
            Class<?> prometheus = Class.forName(PROVIDER_CLASS, false, OwnedKeysTest.class.getClassLoader());
            return ClassConstants.of(jarOf(prometheus)).all();
        } catch (ReflectiveOperationException | URISyntaxException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path jarOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    record Release(String version, ClassConstants constants) {
        @Override
        public String toString() {
            return version;
        }
    }

    static Stream<Release> releases() throws Exception {
        Path current = jarOf(QuorumPeerConfig.class);
        Path older = Path.of("target", "zookeeper-3.8", "zookeeper.jar");
        return Stream.of(
                new Release("3.9.5", ClassConstants.of(current)), new Release("3.8.6", ClassConstants.of(older)));
    }

    @ParameterizedTest
    @MethodSource("releases")
    void everyListedKeyIsReadByItsVersion(Release release) {
        List<String> unread = new ArrayList<>();
        for (ServerKey key : ServerKeys.all().values()) {
            if (key.isReadBy(release.version()) != isRead(key, release.constants())) {
                unread.add(key.toString());
            }
        }
        assertThat(unread).isEmpty();
    }

    private static boolean isRead(ServerKey key, ClassConstants constants) {
        return switch (key.where()) {
            case FILE -> constants.of(CONFIG).contains(key.name()) || isOfMetricsProvider(key);
            case PROPERTY ->
                constants.all().contains(PREFIX + key.name()) || key.name().equals("jute.maxbuffer.extrasize");
            case JVM -> constants.all().contains(key.name());
            case ELSEWHERE -> constants.all().contains(PREFIX + key.name());
        };
    }

    /** QuorumPeerConfig passes keys with this prefix on to the provider. */
    private static boolean isOfMetricsProvider(ServerKeys.ServerKey key) {
        String prefix = "metricsProvider.";
        return key.name().startsWith(prefix) && PROVIDER.contains(key.name().substring(prefix.length()));
    }

    @ParameterizedTest
    @MethodSource("releases")
    void everyPropertyOfAServerIsListedOrOwned(Release release) {
        Set<String> unknown = new TreeSet<>();
        release.constants().all().stream()
                .filter(constant -> constant.startsWith(PREFIX) && constant.matches("[\\w.-]*"))
                .map(constant -> constant.substring(PREFIX.length()))
                .filter(key -> !NO_KEYS.contains(key))
                .filter(key -> ServerKeys.of(key).isEmpty())
                .filter(key -> OwnedKeys.whyOwned(key).isEmpty())
                .forEach(unknown::add);
        assertThat(unknown).isEmpty();
    }

    @Test
    void headingNamesAKeyAndIsNoKey() {
        SortedMap<String, ServerKey> keys = ServerKeys.all();
        ServerKeys.headings().forEach((heading, key) -> {
            assertThat(keys).doesNotContainKey(heading);
            assertThat(keys).containsKey(key);
        });
    }

    @Test
    void aKeyIsEitherOwnedOrOfTheList() {
        assertThat(ServerKeys.all().values())
                .filteredOn(key -> key.where() != Where.ELSEWHERE)
                .allSatisfy(key -> assertThat(OwnedKeys.whyOwned(key.name()))
                        .as(key.name())
                        .isEmpty());
    }

    @Test
    void aKeyOfALaterVersionIsRefusedWithThatVersion() {
        String spec = Specs.with("config: {admin.restore.enabled: true, admin.enableServer: true}")
                .replace("version: 3.9.5", "version: 3.8.6");

        assertThat(Specs.read(spec).violations())
                .extracting(Violation::message)
                .containsExactly("ZooKeeper 3.8.6 does not support it, 3.9 and later do: remove it, or change version");
        assertThat(Specs.read(Specs.with("config: {admin.restore.enabled: true, admin.enableServer: true}"))
                        .violations())
                .isEmpty();
    }

    @Test
    void unknownKeyIsPassedOnWithANote() {
        ParsedCommit parsed = Specs.read(
                Specs.with("config: {com.example.plugin: 1, admin.serverPort: 8081, metricsProvider.httpPort: 7001}"));

        assertThat(parsed.violations()).isEmpty();
        assertThat(parsed.notes())
                .anyMatch(note -> note.contains("com.example.plugin: unknown to ZooKeeper"))
                .anyMatch(note -> note.contains("admin.serverPort: has no effect without admin.enableServer: true"))
                .anyMatch(note -> note.contains("httpPort: has no effect without metricsProvider.className"));
    }

    @Test
    void nonAsciiTextReachesZooKeeperUnchanged() throws Exception {
        String text = new dev.ensembled.reconciler.desired.ServerConfig(
                        new java.util.TreeMap<>(java.util.Map.of("oraclePath", "/größe/🐘")))
                .zooCfg();
        java.util.Properties read = new java.util.Properties();
        read.load(new java.io.ByteArrayInputStream(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));

        assertThat(read).containsEntry("oraclePath", "/größe/🐘");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config: {oraclePath: \"a\\0\"}",
                "config: {oraclePath: \"a\\u0085b\"}",
                "config: {oraclePath: \"\\uDE00\\uD83D\"}",
                "config: {\"a\\uDC00\": 1}",
                "jvm: {options: [\"-Da=\\uD800\"]}",
                "podTemplate: {metadata: {annotations: {\"a\\e\": b}}}"
            })
    void characterThatWouldBeLostOrMisreadIsRefused(String spec) {
        ParsedCommit parsed = Specs.read(Specs.with(spec));

        assertThat(parsed.ensembles()).isEmpty();
        assertThat(parsed.violations())
                .extracting(Violation::message)
                .anyMatch(message ->
                        message.matches("the character U\\+[0-9A-F]{4} is not allowed in a value: remove it"));
    }
}
