package dev.ensembled.reconciler.observed;

import java.util.Map;

/**
 * A version of the template from which instances are made.
 *
 * @param id as the platform names it
 * @param aspects its parts by name, as digests
 */
public record Revision(String id, Map<String, String> aspects) {
    public Revision {
        aspects = Map.copyOf(aspects);
    }
}
