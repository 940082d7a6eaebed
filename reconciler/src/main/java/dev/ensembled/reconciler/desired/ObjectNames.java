package dev.ensembled.reconciler.desired;

import dev.ensembled.reconciler.desired.ServerConfig.Endpoint;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The names and labels of the Kubernetes objects of one ensemble, as the Kubernetes ZooKeeper tutorial uses them. */
public record ObjectNames(EnsembleId id) {
    /**
     * The manager of the objects; every object carries this label, so that one informer sees all objects of ensembled.
     */
    public static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";

    public static final String MANAGED_BY = "ensembled";

    /** The name of the ensemble that an object belongs to. */
    public static final String INSTANCE_LABEL = "app.kubernetes.io/instance";

    private static final String NAME_LABEL = "app.kubernetes.io/name";
    private static final String COMPONENT_LABEL = "app.kubernetes.io/component";

    public String statefulSet() {
        return id.name();
    }

    public String clientService() {
        return id.name();
    }

    public String headlessService() {
        return id.name() + "-headless";
    }

    public String budget() {
        return id.name() + "-budget";
    }

    /** The name is content-addressed: another content has another name. */
    public String configMap(String digest) {
        return configMapPrefix() + digest;
    }

    /** Returns the prefix of the names of all ConfigMaps of this ensemble. */
    public String configMapPrefix() {
        return id.name() + "-config-";
    }

    /** The ConfigMap with the rollout history. No digest of a content is "history", so it is none of those above. */
    public String history() {
        return id.name() + "-history";
    }

    public String pod(int ordinal) {
        return statefulSet() + "-" + ordinal;
    }

    /**
     * Returns the host at which peers find a server. It does not contain the cluster domain, which is not known here:
     * the resolver's search list supplies it. It contains the namespace, because the membership is also read from
     * outside of the namespace.
     */
    public String host(int ordinal) {
        return pod(ordinal) + "." + headlessService() + "." + id.namespace() + ".svc";
    }

    /** The Secret with the super user's password. */
    public String superSecret() {
        return id.name() + "-super";
    }

    /**
     * Returns where peers find the server of a member, and where it listens. It accepts clients on all addresses,
     * because a pod does not have the address to which its name resolved before the restart.
     */
    public Endpoint endpoint(int member) {
        return new Endpoint(
                host(member - 1),
                ServerFiles.QUORUM_PORT,
                ServerFiles.ELECTION_PORT,
                "0.0.0.0",
                ServerFiles.CLIENT_PORT);
    }

    /** Returns the ordinal of a pod of this ensemble; empty for any other name. */
    public OptionalInt ordinal(String podName) {
        String prefix = statefulSet() + "-";
        if (!podName.startsWith(prefix)) {
            return OptionalInt.empty();
        }
        String rest = podName.substring(prefix.length());
        return rest.matches("0|[1-9][0-9]{0,5}") ? OptionalInt.of(Integer.parseInt(rest)) : OptionalInt.empty();
    }

    /**
     * The member and the claim template of a claim.
     *
     * @param template the name of the claim template
     */
    public record Claim(String template, int member) {}

    /** Parses the name of a claim, which the StatefulSet controller composes; empty for any other name. */
    public Optional<Claim> claim(String name) {
        return Stream.of(PodVolumes.DATA, PodVolumes.LOG)
                .filter(template -> name.startsWith(template + "-"))
                .flatMap(template -> ordinal(name.substring(template.length() + 1)).stream()
                        .mapToObj(ordinal -> new Claim(template, ordinal + 1)))
                .findFirst();
    }

    /** Returns the standard labels of an object; the component names its purpose. */
    public SortedMap<String, String> labels(String component) {
        SortedMap<String, String> labels = new TreeMap<>(selector());
        labels.put(NAME_LABEL, "zookeeper");
        labels.put(COMPONENT_LABEL, component);
        return labels;
    }

    /**
     * Returns the labels that select the pods. A selector can never change, so it contains no more than necessary;
     * managed-by distinguishes a Helm release of the same name.
     */
    public SortedMap<String, String> selector() {
        return new TreeMap<>(Map.of(INSTANCE_LABEL, id.name(), MANAGED_BY_LABEL, MANAGED_BY));
    }
}
