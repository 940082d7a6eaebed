package dev.ensembled.kubernetes.client;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The objects of one kind in the informer caches: one informer per watched namespace, or one for all namespaces. */
public final class ResourceInformers<T extends HasMetadata> implements AutoCloseable {
    private final List<SharedIndexInformer<T>> informers;
    private volatile Optional<String> failure = Optional.empty();

    ResourceInformers(List<SharedIndexInformer<T>> informers, Consumer<T> changed) {
        this.informers = List.copyOf(informers);
        ResourceEventHandler<T> handler = new ChangeHandler<>(changed);
        for (SharedIndexInformer<T> informer : informers) {
            // Retry without limit, before the first list and later: the API server comes back.
            informer.exceptionHandler((started, cause) -> {
                        failure = Optional.of(error(cause));
                        return true;
                    })
                    .addEventHandler(handler);
        }
    }

    /** Returns the API server's message, from any depth of the exception's causes. */
    static String error(Throwable thrown) {
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

    public boolean synced() {
        return informers.stream().allMatch(SharedIndexInformer::hasSynced);
    }

    /** Returns why not everything has been listed yet; empty if it has, or if nothing has failed so far. */
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

    public Stream<T> all() {
        return informers.stream().flatMap(informer -> informer.getIndexer().list().stream());
    }

    public Optional<T> get(String namespace, String name) {
        String key = Cache.namespaceKeyFunc(namespace, name);
        return informers.stream()
                .flatMap(informer -> Stream.ofNullable(informer.getIndexer().getByKey(key)))
                .findFirst();
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::close);
    }

    private record ChangeHandler<T>(Consumer<T> changed) implements ResourceEventHandler<T> {
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
