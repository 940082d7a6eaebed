package dev.ensembled.kubernetes.client;

import dev.ensembled.reconciler.desired.ObjectNames;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads from the API server without a resource version: the answer is not older than the request. */
public record FreshObjects(KubernetesClient client) implements EnsembleObjects.Source {

    @Override
    public EnsembleObjects read(ObjectNames names) {
        String namespace = names.id().namespace();
        return new EnsembleObjects(
                client.configMaps()
                        .inNamespace(namespace)
                        .withLabels(names.selector())
                        .list()
                        .getItems(),
                Stream.of(names.headlessService(), names.clientService())
                        .map(name -> client.services()
                                .inNamespace(namespace)
                                .withName(name)
                                .get())
                        .filter(Objects::nonNull)
                        .toList(),
                client.policy()
                        .v1()
                        .podDisruptionBudget()
                        .inNamespace(namespace)
                        .list()
                        .getItems(),
                Optional.ofNullable(client.apps()
                        .statefulSets()
                        .inNamespace(namespace)
                        .withName(names.statefulSet())
                        .get()),
                client.pods()
                        .inNamespace(namespace)
                        .withLabels(names.selector())
                        .list()
                        .getItems(),
                client.persistentVolumeClaims()
                        .inNamespace(namespace)
                        .withLabels(names.selector())
                        .list()
                        .getItems());
    }
}
