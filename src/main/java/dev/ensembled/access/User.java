package dev.ensembled.access;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An authenticated user, as a TokenReview of Kubernetes describes it.
 *
 * @param uid empty if the platform has none
 * @param extra further attributes, which authorizers may use
 */
public record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
    public User {
        Objects.requireNonNull(name, "name");
        uid = Objects.requireNonNullElse(uid, "");
        groups = groups == null ? List.of() : List.copyOf(groups);
        extra = extra == null ? Map.of() : Map.copyOf(extra);
    }

    /** Returns a user of which only the name is known. */
    public static User named(String name) {
        return new User(name, "", List.of(), Map.of());
    }
}
