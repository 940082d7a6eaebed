package dev.ensembled.leadership;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How hints are written into a lease: a key for each kind and source, and the time of the last one as its value. */
final class HintKey {
    private Map<String, String> seen = Map.of();

    static String of(Hint hint) {
        return hint.kind().name().toLowerCase(Locale.ROOT) + "/" + hint.source();
    }

    /** Records what is in the lease when this replica begins to lead: sources fetch then anyway. */
    void begin(Map<String, String> hints) {
        seen = Map.copyOf(hints);
    }

    /** Returns the hints that have been added since the last call. */
    List<Hint> added(Map<String, String> hints) {
        Map<String, String> before = seen;
        seen = new HashMap<>(hints);
        return hints.entrySet().stream()
                .filter(hint -> !hint.getValue().equals(before.get(hint.getKey())))
                .flatMap(hint -> parse(hint.getKey()).stream())
                .toList();
    }

    private static Optional<Hint> parse(String key) {
        int slash = key.indexOf('/');
        for (Hint.Kind kind : Hint.Kind.values()) {
            if (slash > 0 && key.substring(0, slash).equals(kind.name().toLowerCase(Locale.ROOT))) {
                return Optional.of(new Hint(kind, key.substring(slash + 1)));
            }
        }
        return Optional.empty();
    }
}
