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
    private static final String PROBE = "the probes determine when a member is healthy";
    private static final String START = "it changes how the server starts";
    private static final String RESTART = "a server that terminates is always restarted";
    private static final String TERMINATION = "the reason of a termination is read from it";

    private static final Set<String> ALLOWED =
            Set.of("name", "env", "imagePullPolicy", "resizePolicy", "resources", "securityContext", "volumeMounts");

    private static final Map<String, String> REASONS = Map.ofEntries(
            entry("image", "use spec.image"),
            entry("command", START),
            entry("args", START),
            entry("workingDir", START),
            entry("stdin", START),
            entry("stdinOnce", START),
            entry("tty", START),
            entry("envFrom", "its variables cannot be checked. Set each variable in env"),
            entry("ports", "Services and peers depend on the ports"),
            entry("readinessProbe", PROBE),
            entry("livenessProbe", PROBE),
            entry("startupProbe", PROBE),
            entry("lifecycle", "it changes how the server stops"),
            entry("restartPolicy", RESTART),
            entry("restartPolicyRules", RESTART),
            entry("terminationMessagePath", TERMINATION),
            entry("terminationMessagePolicy", TERMINATION),
            entry("volumeDevices", "the server uses no block devices"));

    void check() {
        container.fields().fields().forEach((key, field) -> {
            if (!ALLOWED.contains(key) && PodTemplateFields.ofContainer(key) && !Scalars.isNull(field.value())) {
                String reason = REASONS.getOrDefault(key, "it is not in the list of allowed fields");
                findings.violation(
                        field.key(),
                        container.path() + "." + key,
                        "ensembled owns this field: " + reason + ". Remove it");
            }
        });
        container.each("env", this::variable);
        container.each("volumeMounts", this::mount);
    }

    private void variable(Mapping variable, String path) {
        variable.scalar("name").ifPresent(name -> ServerVariables.objection(name.text())
                .ifPresent(why -> findings.violation(name.location(), path + ".name", why)));
    }

    private void mount(Mapping mount, String path) {
        mount.scalar("mountPath").ifPresent(target -> MountPaths.objection(target.text())
                .ifPresent(why -> findings.violation(target.location(), path + ".mountPath", why)));
        mount.scalar("name")
                .filter(volume -> PodTemplateRule.ownsVolume(volume.text()))
                .ifPresent(volume -> findings.violation(
                        volume.location(),
                        path + ".name",
                        "ensembled mounts the volume " + volume.text() + " itself: remove it"));
    }
}
