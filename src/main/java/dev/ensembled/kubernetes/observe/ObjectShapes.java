package dev.ensembled.kubernetes.observe;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Shape;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** The current shape of an ensemble's objects, which a change has to keep. */
public final class ObjectShapes {
    private ObjectShapes() {}

    /**
     * Returns the shape that keeps what exists: no fewer replicas than the StatefulSet has, and claims of the size in its
     * templates, which cannot be changed.
     */
    public static Shape of(Desired desired, Optional<StatefulSet> set, int wanted, String credentials) {
        return new Shape(
                Math.max(wanted, set.map(ObjectShapes::replicas).orElse(0)),
                set.map(found -> otherBytes(desired, found)).orElse(Map.of()),
                credentials);
    }

    /** Whether claims would have to be larger than the templates of the StatefulSet say. */
    public static boolean lags(Desired desired, StatefulSet set) {
        return otherBytes(desired, set).entrySet().stream()
                .anyMatch(claim -> claim.getValue() < wantedBytes(desired, claim.getKey()));
    }

    public static int replicas(StatefulSet set) {
        return Objects.requireNonNullElse(set.getSpec().getReplicas(), 1);
    }

    private static Map<String, Long> otherBytes(Desired desired, StatefulSet set) {
        return set.getSpec().getVolumeClaimTemplates().stream()
                .filter(template -> bytes(template) != wantedBytes(desired, name(template)))
                .collect(Collectors.toMap(ObjectShapes::name, ObjectShapes::bytes));
    }

    private static long wantedBytes(Desired desired, String template) {
        return desired.spec().storage().bytes(template.equals("datalog"));
    }

    private static String name(PersistentVolumeClaim template) {
        return template.getMetadata().getName();
    }

    private static long bytes(PersistentVolumeClaim template) {
        return Volumes.bytes(template.getSpec().getResources().getRequests());
    }
}
