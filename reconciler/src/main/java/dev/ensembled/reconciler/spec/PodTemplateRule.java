package dev.ensembled.reconciler.spec;

import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields of a pod template are those of Kubernetes, and what a server or a safe rollout depends on is not among them.
 * Sidecars, labels, affinity, tolerations, resources and the like are the user's; of the server's own container see
 * {@link ServerContainerRule}.
 */
final class PodTemplateRule implements SpecRule {
    private static final String PATH = "spec.podTemplate";

    private static final Map<String, String> OWNED_IN_POD = Map.of(
            "hostname", "the StatefulSet names the pods, and each server finds its id in the name",
            "setHostnameAsFQDN", "each server finds its id in the host name",
            "subdomain", "peers find a server through the headless Service",
            "restartPolicy", "a server that ends is always restarted",
            "hostNetwork", "peers find a server through its pod's own address",
            "nodeName", "one node cannot hold several servers: use affinity or nodeSelector",
            "activeDeadlineSeconds", "it would end a server that serves",
            "ephemeralContainers", "they cannot be part of a template: use kubectl debug");

    private static final Set<String> OWNED_LABELS = Set.of(
            "app.kubernetes.io/name",
            "app.kubernetes.io/instance",
            "app.kubernetes.io/component",
            "app.kubernetes.io/managed-by");

    private static final Set<String> OWNED_VOLUMES =
            Set.of("data", "datalog", "conf", "logs", "tmp", "ensembled-config");

    @Override
    public void check(Mapping spec, Findings findings) {
        spec.mapping("podTemplate").ifPresent(template -> {
            new PodTemplateFields(findings).check(template, PATH);
            metadata(template, findings);
            template.mapping("spec").ifPresent(pod -> pod(pod, findings));
            new ServerContainerRule(spec, findings).check(template);
        });
    }

    private static void metadata(Mapping template, Findings findings) {
        template.mapping("metadata").ifPresent(metadata -> metadata.fields().forEach((key, field) -> {
            if (!key.equals("labels") && !key.equals("annotations")) {
                findings.violation(
                        field.key(),
                        PATH + ".metadata." + key,
                        "only labels and annotations can be given to the pods: remove it");
            }
        }));
        for (String map : List.of("labels", "annotations")) {
            template.mapping("metadata", map)
                    .ifPresent(entries -> entries.fields().forEach((key, field) -> {
                        if (OWNED_LABELS.contains(key) || key.startsWith(ZooKeeperEnsemble.GROUP + "/")) {
                            findings.violation(
                                    field.key(),
                                    PATH + ".metadata." + map + "." + key,
                                    "ensembled owns this key, by which it finds its pods: use one of your own");
                        }
                    }));
        }
    }

    private static void pod(Mapping pod, Findings findings) {
        pod.fields().forEach((key, field) -> {
            if (OWNED_IN_POD.containsKey(key)) {
                findings.violation(
                        field.key(),
                        PATH + ".spec." + key,
                        "ensembled owns this field: " + OWNED_IN_POD.get(key) + ". Remove it");
            }
        });
        List<YamlNode> volumes = pod.items("volumes");
        for (int index = 0; index < volumes.size(); index++) {
            if (volumes.get(index) instanceof Mapping volume) {
                String path = PATH + ".spec.volumes[" + index + "].name";
                volume.scalar("name")
                        .filter(name -> OWNED_VOLUMES.contains(name.text()))
                        .ifPresent(name -> findings.violation(
                                name.place(),
                                path,
                                "ensembled has a volume named " + name.text() + " of its own: use another name"));
            }
        }
        named(pod, "initContainers", findings);
    }

    /** The name of the server's container is taken, wherever else a container may stand. */
    private static void named(Mapping pod, String list, Findings findings) {
        List<YamlNode> containers = pod.items(list);
        for (int index = 0; index < containers.size(); index++) {
            if (containers.get(index) instanceof Mapping container) {
                String path = PATH + ".spec." + list + "[" + index + "].name";
                container
                        .scalar("name")
                        .filter(ServerContainerRule::isServer)
                        .map(Scalar::place)
                        .ifPresent(place -> findings.violation(
                                place, path, "is the name of the server's own container: use another name"));
            }
        }
    }
}
