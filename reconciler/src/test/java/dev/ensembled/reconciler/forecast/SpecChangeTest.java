package dev.ensembled.reconciler.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.ensembled.reconciler.SpecSketch;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpecChangeTest {
    private static final EnsembleSpec BEFORE =
            SpecSketch.of(3).config(Map.of("tickTime", "2000")).build();

    private static EnsembleSpec yaml(String text) throws JsonProcessingException {
        return new YAMLMapper().readValue("{version: 3.9.5, voters: 3, " + text + "}", EnsembleSpec.class);
    }

    private static SpecChange change(String path, String before, String after) {
        return new SpecChange(path, Optional.ofNullable(before), Optional.ofNullable(after));
    }

    @Test
    void changedAddedAndRemovedFieldsAreNamedByTheirPath() {
        EnsembleSpec after = SpecSketch.of(5)
                .version("3.9.6")
                .config(Map.of("initLimit", "20"))
                .storageSize("20Gi")
                .heap("1Gi")
                .build();

        assertThat(SpecChange.between(BEFORE, after))
                .contains(
                        change("config.initLimit", null, "20"),
                        change("config.tickTime", "2000", null),
                        change("version", "3.9.5", "3.9.6"),
                        change("voters", "3", "5"))
                .extracting(SpecChange::path)
                .containsExactly(
                        "config.initLimit",
                        "config.tickTime",
                        "image",
                        "jvm.heap",
                        "storage.size",
                        "version",
                        "voters");
    }

    @Test
    void defaultThatIsWrittenOutIsNoChange() throws JsonProcessingException {
        assertThat(SpecChange.between(yaml("observers: 0"), yaml("deletionPolicy: Orphan")))
                .isEmpty();
    }

    @Test
    void metricsThatAreTurnedOnAreNamedByTheirPort() throws JsonProcessingException {
        assertThat(SpecChange.between(BEFORE, BEFORE.with(BEFORE.rollout()))).isEmpty();
        assertThat(SpecChange.between(yaml("observers: 0"), yaml("metrics: {}")))
                .containsExactly(change("metrics.port", null, "7000"));
    }

    @Test
    void elementsOfListsAreNamedByTheirName() throws JsonProcessingException {
        EnsembleSpec before =
                yaml("podTemplate: {spec: {containers: [{name: a, image: 'x:1'}, {name: b, image: 'y:1'}]}}");
        EnsembleSpec after =
                yaml("podTemplate: {spec: {containers: [{name: b, image: 'y:2'}, {name: a, image: 'x:1'}]}}");

        assertThat(SpecChange.between(before, after))
                .containsExactly(change("podTemplate.spec.containers[b].image", "y:1", "y:2"));
    }

    @Test
    void optionsAreOneValueInTheirOrder() throws JsonProcessingException {
        assertThat(SpecChange.between(
                        yaml("jvm: {options: [-XX:+UseSerialGC]}"), yaml("jvm: {options: [-XX:+UseG1GC, -Da=b]}")))
                .containsExactly(change("jvm.options", "-XX:+UseSerialGC", "-XX:+UseG1GC -Da=b"));
    }

    @Test
    void valuesThatMayBeSecretsAreNotShown() throws JsonProcessingException {
        EnsembleSpec before =
                yaml("config: {ssl.keyStore.password: seed1}, jvm: {options: [-Dmy.password=seed2, -Da=b]},"
                        + " podTemplate: {spec: {containers: [{name: zookeeper, env: [{name: KEY, value: seed3}]}]}}");
        EnsembleSpec after =
                yaml("config: {ssl.keyStore.password: seed4}, jvm: {options: [-Dmy.password=seed5, -Da=c]},"
                        + " podTemplate: {spec: {containers: [{name: zookeeper, env: [{name: KEY, value: seed6}]}]}}");

        List<SpecChange> changes = SpecChange.between(before, after);

        assertThat(changes).hasSize(3);
        assertThat(changes.toString()).doesNotContain("seed").contains("-Da=b").contains("-Da=c");
    }
}
