package dev.ensembled.reconciler.desired;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Says to other GitOps tools that an object is not theirs, by annotations that they look for on live objects. Our objects
 * carry {@code app.kubernetes.io/instance}, as everybody's do, and Argo CD before 3.0 takes that very label for the name of
 * its application: an application named like an ensemble would prune all of it, volumes included.
 *
 * <p>The label stays, since the selector of a StatefulSet can never change.
 */
public final class OptOut {
    /**
     * For objects that no repository describes. Argo CD neither prunes them, nor deletes them with an application, nor calls
     * the application out of sync for them; Flux neither prunes nor applies them.
     */
    public static final SortedMap<String, String> OF_OBJECTS = Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(
            "argocd.argoproj.io/sync-options", "Prune=false,Delete=false",
            "argocd.argoproj.io/compare-options", "IgnoreExtraneous",
            "kustomize.toolkit.fluxcd.io/prune", "disabled",
            "kustomize.toolkit.fluxcd.io/reconcile", "disabled")));

    /**
     * For the ensemble's resource while our Git source writes it. Flux may still apply it: a team that hands the ensemble
     * over to Flux would otherwise see its commits ignored.
     */
    public static final SortedMap<String, String> OF_RESOURCES = resources();

    private OptOut() {}

    /** Whether an object says all of it. */
    public static boolean isSaidBy(Map<String, String> annotations) {
        return annotations != null && annotations.entrySet().containsAll(OF_OBJECTS.entrySet());
    }

    private static SortedMap<String, String> resources() {
        SortedMap<String, String> annotations = new TreeMap<>(OF_OBJECTS);
        annotations.remove("kustomize.toolkit.fluxcd.io/reconcile");
        return Collections.unmodifiableSortedMap(annotations);
    }
}
