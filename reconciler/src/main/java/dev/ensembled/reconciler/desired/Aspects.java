package dev.ensembled.reconciler.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * The parts of a pod template that a restart can be for, each by a digest in an annotation of the template: what a pod
 * was made from can be compared later with what is wanted, and the reason told.
 */
public final class Aspects {
    private static final String PREFIX = "ensembled.dev/aspect-";

    private Aspects() {}

    /** The aspects that a pod or a template carries, by name. */
    public static Map<String, String> of(Map<String, String> annotations) {
        Map<String, String> aspects = new TreeMap<>();
        if (annotations != null) {
            annotations.forEach((key, value) -> {
                if (key.startsWith(PREFIX)) {
                    aspects.put(key.substring(PREFIX.length()), value);
                }
            });
        }
        return aspects;
    }

    /**
     * The annotations of a whole template. Whatever no other aspect covers counts as template.
     *
     * @param template without aspects
     * @param configDigest of the files that the template mounts
     * @param flags of the JVM
     * @param credentials tells the super user's credentials apart from others
     */
    static Map<String, String> annotations(JsonNode template, String configDigest, String flags, String credentials) {
        ObjectNode rest = template.deepCopy();
        ObjectNode server = PodTemplate.server(rest);
        Map<String, String> annotations = new TreeMap<>();
        annotations.put(PREFIX + "config", configDigest);
        annotations.put(PREFIX + "credentials", credentials);
        annotations.put(PREFIX + "image", CanonicalJson.digest(server.remove("image")));
        annotations.put(PREFIX + "jvm", Digest.of(flags));
        JsonNode resources = server.remove("resources");
        annotations.put(PREFIX + "resources", CanonicalJson.digest(resources == null ? Map.of() : resources));
        PodTemplate.entry(server.path("env"), "name", PodTemplate.FLAGS).remove("value");
        PodTemplate.entry(rest.path("spec").path("volumes"), "name", PodVolumes.CONFIG)
                .remove("configMap");
        annotations.put(PREFIX + "template", CanonicalJson.digest(rest));
        return annotations;
    }
}
