package dev.ensembled.reconciler.desired;

import java.util.Map;
import java.util.Objects;

/**
 * What of the objects does not follow from the spec alone, but from how far the ensemble has come.
 *
 * @param places how many places have an instance, from member 1 on
 * @param claimBytes the size of each claim template as it stands, by its name, where it differs from the spec for now
 * @param credentials tells the super user's credentials apart from others without telling what they are; empty if they
 *     were not made yet
 */
public record Shape(int places, Map<String, Long> claimBytes, String credentials) {
    public Shape {
        claimBytes = Map.copyOf(claimBytes);
        Objects.requireNonNull(credentials);
    }

    /** One that says nothing of credentials. */
    public Shape(int places, Map<String, Long> claimBytes) {
        this(places, claimBytes, "");
    }

    /** All places that the spec asks for, and volumes as it asks. */
    public static Shape of(Desired desired) {
        return new Shape(desired.members().size(), Map.of());
    }
}
