package dev.ensembled.reconciler.spec.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.io.IOException;

/**
 * Prepares the model of pods when a spec has a pod template, and not for each spec: it has some hundred classes, which take
 * a good part of the time of a command that reads one file.
 */
final class WhenPresent extends JsonDeserializer<PodTemplateSpec> {
    @Override
    public PodTemplateSpec deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        return context.readValue(parser, PodTemplateSpec.class);
    }
}
