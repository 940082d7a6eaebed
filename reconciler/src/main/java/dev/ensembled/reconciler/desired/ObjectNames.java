package dev.ensembled.reconciler.desired;

import dev.ensembled.reconciler.desired.ServerConfig.Endpoint;
import dev.ensembled.reconciler.spec.EnsembleId;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The names and labels of the Kubernetes objects of one ensemble: those that the Kubernetes ZooKeeper tutorial taught
 * people to expect.
 */
public record ObjectNames(EnsembleId id) {
    /** Whose objects they are; every object carries it, so that one informer sees all of ours. */
    public static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";

    public static final String MANAGED_BY = "ensembled";

    /** Which ensemble an object belongs to, by its name. */
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

    /** Content-addressed: another content, another name. */
    public String configMap(String digest) {
        return configMapPrefix() + digest;
    }

    /** What the names of all ConfigMaps of this ensemble begin with. */
    public String configMapPrefix() {
        return id.name() + "-config-";
    }

    public String pod(int ordinal) {
        return statefulSet() + "-" + ordinal;
    }

    /**
     * Where a server is found by its peers. Without the cluster's domain, which nobody tells us: the resolver's search
     * list supplies it. With the namespace, since the membership is read from outside of it too.
     */
    public String host(int ordinal) {
        return pod(ordinal) + "." + headlessService() + "." + id.namespace() + ".svc";
    }

    /** The Secret with the super user's password. */
    public String superSecret() {
        return id.name() + "-super";
    }

    /**
     * Where the server of a member is found by its peers, and listens. It takes clients on all addresses, since a pod does
     * not have the address that its name resolved to before it was restarted.
     */
    public Endpoint endpoint(int member) {
        return new Endpoint(
                host(member - 1),
                ServerFiles.QUORUM_PORT,
                ServerFiles.ELECTION_PORT,
                "0.0.0.0",
                ServerFiles.CLIENT_PORT);
    }

    /** The ordinal of a pod of this ensemble; empty for any other name. */
    public OptionalInt ordinal(String podName) {
        String prefix = statefulSet() + "-";
        if (!podName.startsWith(prefix)) {
            return OptionalInt.empty();
        }
        String rest = podName.substring(prefix.length());
        return rest.matches("0|[1-9][0-9]{0,5}") ? OptionalInt.of(Integer.parseInt(rest)) : OptionalInt.empty();
    }

    /** The standard labels of an object, of which the component tells what it is for. */
    public SortedMap<String, String> labels(String component) {
        SortedMap<String, String> labels = new TreeMap<>(selector());
        labels.put(NAME_LABEL, "zookeeper");
        labels.put(COMPONENT_LABEL, component);
        return labels;
    }

    /**
     * What selects the pods. It can never change, so it holds no more than it must; managed-by keeps apart a Helm release
     * of the same name.
     */
    public SortedMap<String, String> selector() {
        return new TreeMap<>(Map.of(INSTANCE_LABEL, id.name(), MANAGED_BY_LABEL, MANAGED_BY));
    }
}
