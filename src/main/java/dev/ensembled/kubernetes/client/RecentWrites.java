package dev.ensembled.kubernetes.client;

import dev.ensembled.reconciler.desired.ObjectNames;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Remembers our last writes, to detect that a cache is behind them: acting requires a view that is at least as new as our
 * own last write. Resource versions are compared as numbers, as Kubernetes allows for objects of one kind. Thread-safe.
 */
public final class RecentWrites {
    public static final String FIELD_MANAGER = "ensembled";

    private final Map<String, Long> versions = new ConcurrentHashMap<>();
    private final Map<String, String> goneUids = new ConcurrentHashMap<>();

    /** Returns the key of an object. */
    public static String key(ObjectNames names, String kind, String name) {
        return names.id().namespace() + "/" + kind + "/" + name;
    }

    /** Returns the key of this exact object: an object that was created again has another key. */
    public static String key(ObjectNames names, HasMetadata object) {
        return key(names, object.getKind(), object.getMetadata().getName()) + "/"
                + object.getMetadata().getUid();
    }

    public void wrote(ObjectNames names, HasMetadata written) {
        versions.put(key(names, written.getKind(), written.getMetadata().getName()), version(written));
    }

    /** Records that an object was found in a version that the view did not contain yet: that view is not used again. */
    public void found(ObjectNames names, HasMetadata newer) {
        wrote(names, newer);
    }

    /** Records that an instance was asked to end: a view in which it remains unchanged is older than that. */
    public void asked(ObjectNames names, String pod, String uid) {
        goneUids.put(key(names, "Pod", pod), uid);
    }

    public void removed(ObjectNames names, String kind, String name) {
        versions.remove(key(names, kind, name));
    }

    /** Whether a view lacks something that we wrote. */
    public boolean missingIn(EnsembleObjects view, ObjectNames names) {
        String ours = names.id().namespace() + "/";
        boolean behind = Stream.concat(view.all(), view.claims().stream()).anyMatch(object -> {
            String key = key(names, object.getKind(), object.getMetadata().getName());
            boolean stillThere = object.getMetadata().getUid().equals(goneUids.get(key))
                    && object.getMetadata().getDeletionTimestamp() == null;
            return stillThere || version(object) < versions.getOrDefault(key, 0L);
        });
        return behind
                || versions.keySet().stream()
                        .filter(key -> key.startsWith(ours) && belongs(key, names))
                        .anyMatch(key -> !present(view, key));
    }

    /** Forgets the writes of objects that are gone according to a fresh view. */
    public void settle(EnsembleObjects fresh, ObjectNames names) {
        versions.keySet().removeIf(key -> belongs(key, names) && !present(fresh, key));
    }

    private static boolean present(EnsembleObjects view, String key) {
        String[] parts = key.split("/", 3);
        return view.find(parts[1], parts[2]).isPresent();
    }

    private static boolean belongs(String key, ObjectNames names) {
        String[] parts = key.split("/", 3);
        String name = parts[2];
        return parts[0].equals(names.id().namespace())
                && (name.equals(names.statefulSet())
                        || name.equals(names.headlessService())
                        || name.equals(names.budget())
                        || name.startsWith(names.configMapPrefix())
                        || names.claim(name).isPresent()
                        || names.ordinal(name).isPresent());
    }

    private static long version(HasMetadata object) {
        try {
            return Long.parseLong(object.getMetadata().getResourceVersion());
        } catch (NumberFormatException e) {
            // An API server with other resource versions: then no view is considered to be behind.
            return Long.MAX_VALUE;
        }
    }
}
