package dev.ensembled.reconciler.desired;

import java.util.Map;

/**
 * What of the objects does not follow from the spec alone, but from how far the ensemble has come.
 *
 * @param places how many places have an instance, from member 1 on
 * @param claimBytes the size of each claim template as it stands, by its name, where it differs from the spec for now
 */
public record Shape(int places, Map<String, Long> claimBytes) {
    public Shape {
        claimBytes = Map.copyOf(claimBytes);
    }

    /** All places that the spec asks for, and volumes as it asks. */
    public static Shape of(Desired desired) {
        return new Shape(desired.members().size(), Map.of());
    }
}
