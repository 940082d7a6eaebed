package dev.ensembled.kubernetes.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorsTest {
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "null | false",
                "{} | true",
                "{matchLabels: {app: zookeeper}} | true",
                "{matchLabels: {app: zookeeper, tier: none}} | false",
                "{matchLabels: {app: kafka}} | false",
                "{matchExpressions: [{key: app, operator: In, values: [kafka, zookeeper]}]} | true",
                "{matchExpressions: [{key: tier, operator: In, values: [x]}]} | false",
                "{matchExpressions: [{key: app, operator: NotIn, values: [zookeeper]}]} | false",
                "{matchExpressions: [{key: tier, operator: NotIn, values: [x]}]} | true",
                "{matchExpressions: [{key: app, operator: Exists}]} | true",
                "{matchExpressions: [{key: app, operator: DoesNotExist}]} | false",
                "{matchLabels: {app: zookeeper}, matchExpressions: [{key: tier, operator: Exists}]} | false",
            })
    void selectorMatchesLikeKubernetes(String selector, boolean selected) throws JsonProcessingException {
        assertThat(Selectors.select(
                        new YAMLMapper().readValue(selector, LabelSelector.class), Map.of("app", "zookeeper")))
                .isEqualTo(selected);
    }
}
