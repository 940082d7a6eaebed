package dev.ensembled.reconciler.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * The parts of a pod template that can be the reason of a restart, each with its digest in an annotation of the
 * template. By these digests a pod is compared later with the wanted template, and the reason of the restart is
 * reported.
 */
public final class Aspects {
    private static final String PREFIX = "ensembled.dev/aspect-";

    private Aspects() {}

    /** Returns the aspects that a pod or a template carries, by name. */
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
     * Returns the annotations of a whole template. Any part that no other aspect covers counts as template.
     *
     * @param template without aspects
     * @param configDigest the digest of the files that the template mounts
     * @param flags of the JVM
     * @param credentials distinguishes the super user's credentials from others
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
