package dev.ensembled.reconciler.desired;

import java.util.Map;
import java.util.Objects;

/**
 * The part of the objects that does not follow from the spec alone, but from the progress of the ensemble.
 *
 * @param places the number of replicas, from member 1 on
 * @param claimBytes the present size of each claim template, by its name, where it still differs from the spec
 * @param credentials distinguishes the super user's credentials from others without revealing them; empty if they were
 *     not created yet
 */
public record Shape(int places, Map<String, Long> claimBytes, String credentials) {
    public Shape {
        claimBytes = Map.copyOf(claimBytes);
        Objects.requireNonNull(credentials);
    }

    /** Creates a shape without credentials. */
    public Shape(int places, Map<String, Long> claimBytes) {
        this(places, claimBytes, "");
    }

    /** Returns the shape with all replicas and the volume sizes that the spec asks for. */
    public static Shape of(Desired desired) {
        return new Shape(desired.members().size(), Map.of());
    }
}
