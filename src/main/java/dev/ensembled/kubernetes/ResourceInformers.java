package dev.ensembled.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The objects of one kind that informers keep: one informer for each watched namespace, or one for all. */
final class ResourceInformers<T extends HasMetadata> implements AutoCloseable {
    private final List<SharedIndexInformer<T>> informers;
    private volatile Optional<String> failure = Optional.empty();

    ResourceInformers(List<SharedIndexInformer<T>> informers, Consumer<T> changed) {
        this.informers = List.copyOf(informers);
        ResourceEventHandler<T> handler = new Changes<>(changed);
        for (SharedIndexInformer<T> informer : informers) {
            // Never give up, neither before the first list nor later: the API server comes back.
            informer.exceptionHandler((started, cause) -> {
                        failure = Optional.of(said(cause));
                        return true;
                    })
                    .addEventHandler(handler);
        }
    }

    /** What the API server said, however deep it lies in what was thrown. */
    static String said(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof KubernetesClientException known) {
                return new ApiFailure(known).message();
            }
        }
        return thrown.toString();
    }

    void start() {
        informers.forEach(SharedIndexInformer::start);
    }

    boolean synced() {
        return informers.stream().allMatch(SharedIndexInformer::hasSynced);
    }

    /** Why not all has been listed yet; empty if it has, or if nothing failed so far. */
    Optional<String> problem() {
        return synced() ? Optional.empty() : failure;
    }

    boolean watching() {
        return informers.stream().allMatch(SharedIndexInformer::isWatching);
    }

    List<T> in(String namespace) {
        return informers.stream()
                .flatMap(informer -> informer.getIndexer().byIndex(Cache.NAMESPACE_INDEX, namespace).stream())
                .toList();
    }

    Stream<T> all() {
        return informers.stream().flatMap(informer -> informer.getIndexer().list().stream());
    }

    Optional<T> get(String namespace, String name) {
        String key = Cache.namespaceKeyFunc(namespace, name);
        return informers.stream()
                .flatMap(informer -> Stream.ofNullable(informer.getIndexer().getByKey(key)))
                .findFirst();
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::close);
    }

    private record Changes<T>(Consumer<T> changed) implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T object) {
            changed.accept(object);
        }

        @Override
        public void onUpdate(T before, T after) {
            changed.accept(after);
        }

        @Override
        public void onDelete(T object, boolean finalStateUnknown) {
            changed.accept(object);
        }
    }
}
