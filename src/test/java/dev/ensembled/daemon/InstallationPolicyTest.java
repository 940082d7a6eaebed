package dev.ensembled.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.spec.validation.Policy;
import dev.ensembled.reconciler.spec.validation.Policy.JvmOptions;
import dev.ensembled.reconciler.spec.validation.Policy.PodSecurity;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The policy that results from the daemon's environment variables. */
class InstallationPolicyTest {
    @TempDir
    private Path directory;

    private static Settings settings(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .withMapping(Settings.class)
                .build()
                .getConfigMapping(Settings.class);
    }

    @Test
    void installationWithoutSettingsAllowsNothing() {
        assertThat(InstallationPolicy.of(settings(Map.of()), directory.resolve("none")))
                .isEqualTo(Policy.DEFAULT);
        assertThat(InstallationPolicy.of(
                        settings(Map.of("ensembled.secrets", "", "ensembled.namespaces", "")),
                        directory.resolve("none")))
                .isEqualTo(Policy.DEFAULT);
    }

    @Test
    void everySettingWidensThePolicy() throws IOException {
        Path namespace = Files.writeString(directory.resolve("namespace"), "ensembled-system\n");

        Policy policy = InstallationPolicy.of(
                settings(Map.of(
                        "ensembled.namespaces", "a,b",
                        "ensembled.pod-security", "baseline",
                        "ensembled.jvm-options", "any",
                        "ensembled.service-accounts", "zk",
                        "ensembled.secrets", "*")),
                namespace);

        assertThat(policy)
                .isEqualTo(new Policy(
                        Set.of("a", "b"),
                        Optional.of("ensembled-system"),
                        PodSecurity.BASELINE,
                        JvmOptions.ANY,
                        Set.of("zk"),
                        Set.of("*")));
    }
}
