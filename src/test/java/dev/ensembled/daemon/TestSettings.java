package dev.ensembled.daemon;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The settings of the daemon, from environment variables as it reads them. */
final class TestSettings {
    private TestSettings() {}

    static Settings of(Map<String, String> variables) {
        return new SmallRyeConfigBuilder()
                .withMapping(Settings.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withSources(new EnvConfigSource(variables, 300))
                .build()
                .getConfigMapping(Settings.class);
    }

    /** Settings with a file of more sources. */
    static Settings of(Map<String, String> variables, Path sources) {
        Map<String, String> all = new HashMap<>(variables);
        all.put("ENSEMBLED_SOURCES", sources.toString());
        return of(all);
    }
}
