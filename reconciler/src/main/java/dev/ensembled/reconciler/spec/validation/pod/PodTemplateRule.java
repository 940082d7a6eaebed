package dev.ensembled.reconciler.spec.validation.pod;

import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.validation.Findings;
import dev.ensembled.reconciler.spec.validation.SpecRule;
import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Accepts fields of a pod template only if Kubernetes has them and neither the server nor a safe rollout depends on
 * them. Labels, affinity, tolerations, volumes and the like belong to the user; for containers see
 * {@link ContainersRule}.
 */
public final class PodTemplateRule implements SpecRule {
    private static final String PATH = "spec.podTemplate";

    private static final Set<String> OWNED_LABELS = Set.of(
            "app.kubernetes.io/name",
            "app.kubernetes.io/instance",
            "app.kubernetes.io/component",
            "app.kubernetes.io/managed-by",
            "statefulset.kubernetes.io/pod-name",
            "apps.kubernetes.io/pod-index",
            "controller-revision-hash");

    /** The names of the volumes of our pods, and the names reserved for later versions. */
    private static final Pattern OWNED_VOLUMES = Pattern.compile("data|datalog|conf|logs|tmp|ensembled(-.*)?");

    /** The names that a StatefulSet gives to the claims of an ensemble's servers. */
    private static final Pattern OWNED_CLAIMS = Pattern.compile("(data|datalog)-.*-[0-9]+");

    @Override
    public void check(Mapping spec, Findings findings) {
        spec.mapping("podTemplate").ifPresent(template -> {
            new PodTemplateFields(findings).check(template, PATH);
            metadata(template, findings);
            template.mapping("spec").ifPresent(pod -> {
                PodFields.check(pod, findings);
                volumes(pod, findings);
            });
        });
    }

    /** Whether a volume of this name belongs to ensembled. */
    static boolean ownsVolume(String name) {
        return OWNED_VOLUMES.matcher(name).matches();
    }

    private static void metadata(Mapping template, Findings findings) {
        template.mapping("metadata").ifPresent(metadata -> metadata.fields().forEach((key, field) -> {
            if (!key.equals("labels") && !key.equals("annotations")) {
                findings.violation(
                        field.key(),
                        PATH + ".metadata." + key,
                        "is not supported: only labels and annotations of the pods can be set; remove it");
            }
        }));
        for (String map : List.of("labels", "annotations")) {
            template.mapping("metadata", map)
                    .ifPresent(entries -> entries.fields().forEach((key, field) -> {
                        if (OWNED_LABELS.contains(key) || key.startsWith(ZooKeeperEnsemble.GROUP + "/")) {
                            findings.violation(
                                    field.key(),
                                    PATH + ".metadata." + map + "." + key,
                                    "is reserved for ensembled: use another key");
                        }
                    }));
        }
    }

    private static void volumes(Mapping pod, Findings findings) {
        List<YamlNode> volumes = pod.items("volumes");
        for (int index = 0; index < volumes.size(); index++) {
            if (volumes.get(index) instanceof Mapping volume) {
                String path = PATH + ".spec.volumes[" + index + "]";
                volume.scalar("name")
                        .filter(name -> ownsVolume(name.text()))
                        .ifPresent(name -> findings.violation(
                                name.location(),
                                path + ".name",
                                "is the name of a volume of ensembled: use another name"));
                volume.scalar("persistentVolumeClaim", "claimName")
                        .filter(claim -> OWNED_CLAIMS.matcher(claim.text()).matches())
                        .ifPresent(claim -> findings.violation(
                                claim.location(),
                                path + ".persistentVolumeClaim.claimName",
                                "has the form of a claim with the data of a server, to which no other pod may write: use a claim"
                                        + " with another name"));
            }
        }
    }
}
