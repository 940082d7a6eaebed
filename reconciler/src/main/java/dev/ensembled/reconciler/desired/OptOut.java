package dev.ensembled.reconciler.desired;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Annotations on live objects by which other GitOps tools see that an object does not belong to them. The objects of
 * ensembled carry {@code app.kubernetes.io/instance}, as is common, and Argo CD before 3.0 takes that label for the
 * name of its application: an application with the name of an ensemble would prune the whole ensemble, volumes
 * included.
 *
 * <p>The label stays, because the selector of a StatefulSet can never change.
 */
public final class OptOut {
    /**
     * For objects that no repository describes. Argo CD neither prunes them, nor deletes them with an application, nor
     * reports the application as out of sync because of them; Flux neither prunes nor applies them.
     */
    public static final SortedMap<String, String> OF_OBJECTS = Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(
            "argocd.argoproj.io/sync-options", "Prune=false,Delete=false",
            "argocd.argoproj.io/compare-options", "IgnoreExtraneous",
            "kustomize.toolkit.fluxcd.io/prune", "disabled",
            "kustomize.toolkit.fluxcd.io/reconcile", "disabled")));

    /**
     * For the resource of the ensemble while our Git source writes it. Flux may still apply it: otherwise the commits
     * of a team that hands the ensemble over to Flux would be ignored.
     */
    public static final SortedMap<String, String> OF_RESOURCES = resources();

    private OptOut() {}

    /** Whether an object has all of these annotations. */
    public static boolean isSaidBy(Map<String, String> annotations) {
        return annotations != null && annotations.entrySet().containsAll(OF_OBJECTS.entrySet());
    }

    private static SortedMap<String, String> resources() {
        SortedMap<String, String> annotations = new TreeMap<>(OF_OBJECTS);
        annotations.remove("kustomize.toolkit.fluxcd.io/reconcile");
        return Collections.unmodifiableSortedMap(annotations);
    }
}
