package dev.ensembled.reconciler.observed;

import java.util.Map;

/**
 * A version of the pod template, from which instances are created.
 *
 * @param id its name on the platform
 * @param aspects its parts by name, as digests
 */
public record Revision(String id, Map<String, String> aspects) {
    public Revision {
        aspects = Map.copyOf(aspects);
    }
}
