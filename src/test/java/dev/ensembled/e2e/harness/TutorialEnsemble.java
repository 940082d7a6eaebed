package dev.ensembled.e2e.harness;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;

/** An ensemble as in the Kubernetes ZooKeeper tutorial, in its own namespace, for comparison. */
public final class TutorialEnsemble implements AutoCloseable {
    private static final String NAME = "zk";
    private static final Duration TIMEOUT = Duration.ofMinutes(4);

    private final KubernetesClient client;
    private final String namespace;
    private final PodWatch watch;

    public TutorialEnsemble(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        watch = new PodWatch(client, namespace, NAME);
        client.load(TutorialEnsemble.class.getResourceAsStream("/e2e/tutorial.yaml"))
                .inNamespace(namespace)
                .serverSideApply();
        await("the tutorial's ensemble serves").atMost(TIMEOUT).until(this::serves);
    }

    /** Rolls it by a new pod annotation, under load, and measures. */
    public RollFigures roll() {
        try (RollUnderLoad load = new RollUnderLoad(watch, clientAddress())) {
            load.begin();
            client.apps().statefulSets().inNamespace(namespace).withName(NAME).edit(set -> set.edit()
                    .editSpec()
                    .editTemplate()
                    .editMetadata()
                    .addToAnnotations("rolled", "true")
                    .endMetadata()
                    .endTemplate()
                    .endSpec()
                    .build());
            await("the roll ends").atMost(TIMEOUT).until(() -> rolled() && serves());
            return load.end();
        }
    }

    private String clientAddress() {
        return client.services()
                .inNamespace(namespace)
                .withName("zk-cs")
                .get()
                .getSpec()
                .getClusterIP();
    }

    private boolean rolled() {
        StatefulSet set = client.apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName(NAME)
                .get();
        return set.getMetadata().getGeneration().equals(set.getStatus().getObservedGeneration())
                && watch.now().size() == 3
                && watch.now().values().stream()
                        .allMatch(pod -> pod.up()
                                && pod.revision().equals(set.getStatus().getUpdateRevision()));
    }

    private boolean serves() {
        return watch.now().size() == 3
                && watch.now().values().stream()
                        .allMatch(pod -> pod.up()
                                && ServerWords.peerState(pod.address())
                                        .filter(state -> state.endsWith("broadcast"))
                                        .isPresent());
    }

    @Override
    public void close() {
        watch.close();
        client.namespaces().withName(namespace).delete();
    }
}
