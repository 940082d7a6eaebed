package dev.ensembled.reconciler.spec.validation.pod;

import static java.util.Map.entry;

import dev.ensembled.reconciler.spec.validation.Findings;
import dev.ensembled.reconciler.spec.validation.Scalars;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import java.util.Map;
import java.util.Set;

/**
 * What a pod template may set in the server's container. A closed list of fields, as for the pod ({@link PodFields}).
 */
record ServerContainerRule(PodContainer container, Findings findings) {
    private static final String PROBE = "only ensembled can tell whether a server serves";
    private static final String START = "ensembled decides how a server starts";
    private static final String RESTART = "a server that ends is always restarted";
    private static final String LAST_WORDS = "ensembled reads there why a server ended";

    private static final Set<String> USERS =
            Set.of("name", "env", "imagePullPolicy", "resizePolicy", "resources", "securityContext", "volumeMounts");

    private static final Map<String, String> REASONS = Map.ofEntries(
            entry("image", "use spec.image"),
            entry("command", START),
            entry("args", START),
            entry("workingDir", START),
            entry("stdin", START),
            entry("stdinOnce", START),
            entry("tty", START),
            entry("envFrom", "what it sets cannot be seen here. Name each variable in env"),
            entry("ports", "Services and peers rely on the ports that ensembled sets"),
            entry("readinessProbe", PROBE),
            entry("livenessProbe", PROBE),
            entry("startupProbe", PROBE),
            entry("lifecycle", "ensembled decides how a server stops"),
            entry("restartPolicy", RESTART),
            entry("restartPolicyRules", RESTART),
            entry("terminationMessagePath", LAST_WORDS),
            entry("terminationMessagePolicy", LAST_WORDS),
            entry("volumeDevices", "the server needs none"));

    void check() {
        container.fields().fields().forEach((key, field) -> {
            if (!USERS.contains(key) && PodTemplateFields.ofContainer(key) && !Scalars.isNull(field.value())) {
                String why = REASONS.getOrDefault(key, "it is not known to leave servers alone");
                findings.violation(
                        field.key(), container.path() + "." + key, "ensembled owns this field: " + why + ". Remove it");
            }
        });
        container.each("env", this::variable);
        container.each("volumeMounts", this::mount);
    }

    private void variable(Mapping variable, String path) {
        variable.scalar("name").ifPresent(name -> ServerVariables.objection(name.text())
                .ifPresent(why -> findings.violation(name.place(), path + ".name", why)));
    }

    private void mount(Mapping mount, String path) {
        mount.scalar("mountPath").ifPresent(place -> MountPaths.objection(place.text())
                .ifPresent(why -> findings.violation(place.place(), path + ".mountPath", why)));
        mount.scalar("name")
                .filter(volume -> PodTemplateRule.ownsVolume(volume.text()))
                .ifPresent(volume -> findings.violation(
                        volume.place(),
                        path + ".name",
                        "ensembled mounts the volume " + volume.text() + " itself, and the server finds it where"
                                + " ensembled does: remove it"));
    }
}
