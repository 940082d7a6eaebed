package dev.ensembled.reconciler.desired;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.reconciler.spec.model.StorageSpec;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The Kubernetes objects of an ensemble, in the order in which they are applied: the StatefulSet last, because its pods
 * need the others.
 *
 * <p>No object has an owner reference to the ZooKeeperEnsemble: if that resource is deleted by mistake, or with its
 * definition, garbage collection must not delete the ensemble.
 */
public record Manifests(List<HasMetadata> objects) {
    /**
     * Annotation: the digest of the object as it was applied, which distinguishes drift from a change of the desired
     * object.
     */
    public static final String APPLIED = "ensembled.dev/applied";

    private static final Map<String, Class<? extends HasMetadata>> MODELS = Map.of(
            "ConfigMap", ConfigMap.class,
            "Service", Service.class,
            "PodDisruptionBudget", PodDisruptionBudget.class,
            "StatefulSet", StatefulSet.class);

    public Manifests {
        objects = List.copyOf(objects);
    }

    /**
     * Returns the objects that should exist when the whole spec has been carried out.
     *
     * @throws IllegalArgumentException if the spec contains a value that validation refuses, such as a heap that is not
     *     a quantity
     */
    public static Manifests of(Desired desired) {
        return of(desired, Shape.of(desired));
    }

    /** Returns the objects that should exist now, with the ensemble in this shape. */
    public static Manifests of(Desired desired, Shape shape) {
        return new Manifests(
                trees(desired, shape).stream().map(Manifests::bound).toList());
    }

    /**
     * Returns the same objects as sorted trees. The model of pods, which takes long to load, is not needed for them.
     *
     * @throws IllegalArgumentException as {@link #of(Desired)} does, but not for a pod template that its model refuses
     */
    public static List<JsonNode> trees(Desired desired) {
        return trees(desired, Shape.of(desired));
    }

    private static List<JsonNode> trees(Desired desired, Shape shape) {
        ObjectNames names = new ObjectNames(desired.id());
        ServerFiles files = ServerFiles.of(desired);
        return List.of(
                sealed(tree(config(names, files))),
                sealed(tree(headlessService(names))),
                sealed(tree(clientService(names))),
                sealed(tree(budget(names, desired))),
                sealed(statefulSet(names, desired, files, shape)));
    }

    /** Returns the aspects of the pod template, by name. */
    public Map<String, String> aspects() {
        return objects.stream()
                .filter(StatefulSet.class::isInstance)
                .map(StatefulSet.class::cast)
                .map(set -> Aspects.of(set.getSpec().getTemplate().getMetadata().getAnnotations()))
                .findFirst()
                .orElseThrow();
    }

    private static ConfigMap config(ObjectNames names, ServerFiles files) {
        return new ConfigMapBuilder()
                .withMetadata(metadata(names, names.configMap(files.digest()), "config"))
                .withImmutable(true)
                .withData(files.texts())
                .build();
    }

    /** Publishes the names of servers that are not ready yet: they need each other to become ready. */
    private static Service headlessService(ObjectNames names) {
        return new ServiceBuilder()
                .withMetadata(metadata(names, names.headlessService(), "peers"))
                .withNewSpec()
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(names.selector())
                .withPorts(
                        port("client", ServerFiles.CLIENT_PORT),
                        port("quorum", ServerFiles.QUORUM_PORT),
                        port("election", ServerFiles.ELECTION_PORT))
                .endSpec()
                .build();
    }

    private static Service clientService(ObjectNames names) {
        return new ServiceBuilder()
                .withMetadata(metadata(names, names.clientService(), "clients"))
                .withNewSpec()
                .withSelector(names.selector())
                .withPorts(port("client", ServerFiles.CLIENT_PORT))
                .endSpec()
                .build();
    }

    /**
     * Members that are not ready count as unavailable: during the bootstrap, or while a member syncs, the drain of a
     * node must not evict another one. That is the default of Kubernetes, set explicitly.
     */
    private static PodDisruptionBudget budget(ObjectNames names, Desired desired) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(metadata(names, names.budget(), "budget"))
                .withNewSpec()
                .withMaxUnavailable(
                        new IntOrString(desired.spec().budget().maxUnavailable().intValue()))
                .withUnhealthyPodEvictionPolicy("IfHealthyBudget")
                .withNewSelector()
                .withMatchLabels(names.selector())
                .endSelector()
                .endSpec()
                .build();
    }

    /**
     * Parallel and OnDelete leave all ordering to ensembled; claims are retained whatever happens to the StatefulSet.
     */
    private static ObjectNode statefulSet(ObjectNames names, Desired desired, ServerFiles files, Shape shape) {
        ObjectNode tree = tree(new StatefulSetBuilder()
                .withMetadata(metadata(names, names.statefulSet(), "server"))
                .withNewSpec()
                .withServiceName(names.headlessService())
                .withReplicas(shape.places())
                .withPodManagementPolicy("Parallel")
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .withNewPersistentVolumeClaimRetentionPolicy()
                .withWhenDeleted("Retain")
                .withWhenScaled("Retain")
                .endPersistentVolumeClaimRetentionPolicy()
                .withNewSelector()
                .withMatchLabels(names.selector())
                .endSelector()
                .withVolumeClaimTemplates(claims(names, desired.spec().storage(), shape))
                .endSpec()
                .build());
        tree.withObject("/spec").set("template", new PodTemplate(desired, files, shape.credentials()).tree());
        return (ObjectNode) CanonicalJson.sorted(tree);
    }

    private static List<PersistentVolumeClaim> claims(ObjectNames names, StorageSpec storage, Shape shape) {
        List<PersistentVolumeClaim> claims = new ArrayList<>();
        claims.add(claim(
                names, PodVolumes.DATA, size(shape, PodVolumes.DATA, storage.size()), storage.storageClassName()));
        if (storage.log() != null) {
            String size = storage.log().size() == null
                    ? storage.size()
                    : storage.log().size();
            claims.add(claim(
                    names,
                    PodVolumes.LOG,
                    size(shape, PodVolumes.LOG, size),
                    storage.log().storageClassName()));
        }
        return claims;
    }

    private static String size(Shape shape, String claim, String wanted) {
        return shape.claimBytes().containsKey(claim)
                ? shape.claimBytes().get(claim).toString()
                : wanted;
    }

    /** Without annotations: claim templates cannot be changed, so annotations are set on the claims themselves. */
    private static PersistentVolumeClaim claim(ObjectNames names, String name, String size, String storageClass) {
        return new PersistentVolumeClaimBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withName(name)
                        .withLabels(names.selector())
                        .build())
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(storageClass)
                .withNewResources()
                .withRequests(Map.of("storage", Quantity.parse(size)))
                .endResources()
                .endSpec()
                .build();
    }

    private static ServicePort port(String name, int number) {
        return new ServicePortBuilder()
                .withName(name)
                .withPort(number)
                .withTargetPort(new IntOrString(name))
                .withProtocol("TCP")
                .build();
    }

    private static ObjectMeta metadata(ObjectNames names, String name, String component) {
        return new ObjectMetaBuilder()
                .withNamespace(names.id().namespace())
                .withName(name)
                .withLabels(names.labels(component))
                .withAnnotations(OptOut.OF_OBJECTS)
                .build();
    }

    private static ObjectNode tree(HasMetadata object) {
        return (ObjectNode) CanonicalJson.tree(object);
    }

    /** Annotates a sorted object with the digest of all else that it contains. */
    private static JsonNode sealed(ObjectNode object) {
        String digest = Digest.of(object.toString());
        object.withObject("/metadata/annotations").put(APPLIED, digest);
        return CanonicalJson.sorted(object);
    }

    private static HasMetadata bound(JsonNode object) {
        Class<? extends HasMetadata> type = MODELS.get(object.path("kind").asText());
        try {
            return CanonicalJson.MAPPER.treeToValue(object, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "spec.podTemplate is not a valid pod template: " + e.getOriginalMessage(), e);
        }
    }
}
