package dev.ensembled.reconciler.spec.validation.pod;

import dev.ensembled.reconciler.spec.validation.Findings;
import dev.ensembled.reconciler.spec.validation.MetricsRule;
import dev.ensembled.reconciler.spec.validation.Scalars;
import dev.ensembled.reconciler.spec.validation.SpecRule;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import java.util.HashSet;
import java.util.Set;

/**
 * Each container of a pod template has a unique name. The container named {@code zookeeper} is the server's
 * ({@link ServerContainerRule}); any other is a sidecar, which must not use the server's ports and may only read its
 * volumes.
 */
public final class ContainersRule implements SpecRule {
    private static final String SUPER = "ensembled-super";
    private static final Set<String> PORTS = Set.of("2181", "2888", "3888");
    private static final Set<String> PORT_NAMES = Set.of("client", "quorum", "election");

    @Override
    public void check(Mapping spec, Findings findings) {
        Set<String> names = new HashSet<>();
        Set<String> ports = serverPorts(spec);
        for (PodContainer container : PodContainer.of(spec)) {
            if (container.name().isEmpty()) {
                findings.violation(
                        container.fields().location(),
                        container.path() + ".name",
                        "must be set: " + PodContainer.SERVER
                                + " is the container of the server, and any other name is a sidecar");
                continue;
            }
            Scalar name = container.name().get();
            if (container.init() && name.text().equals(PodContainer.SERVER)) {
                findings.violation(
                        name.location(),
                        container.path() + ".name",
                        "is reserved for the container of the server: use another name");
            } else if (!names.add(name.text())) {
                findings.violation(
                        name.location(), container.path() + ".name", "must be unique: another container has this name");
            } else if (container.server()) {
                new ServerContainerRule(container, findings).check();
            } else {
                sidecar(container, name.text(), ports, findings);
            }
        }
    }

    private static Set<String> serverPorts(Mapping spec) {
        Set<String> ports = new HashSet<>(PORTS);
        MetricsRule.port(spec).ifPresent(ports::add);
        return ports;
    }

    private static void sidecar(PodContainer container, String name, Set<String> ports, Findings findings) {
        if (container.fields().scalar("image").isEmpty()) {
            findings.violation(
                    container.fields().location(), container.path() + ".image", "must be set for the sidecar " + name);
        }
        container.each("ports", (port, path) -> {
            port.scalar("containerPort")
                    .filter(number -> ports.contains(number.text()))
                    .ifPresent(number -> findings.violation(
                            number.location(), path + ".containerPort", "is a port of the server: use another port"));
            port.scalar("name")
                    .filter(known -> PORT_NAMES.contains(known.text()))
                    .ifPresent(known -> findings.violation(
                            known.location(),
                            path + ".name",
                            "is the name of a port of the server, to which Services refer: use another name"));
        });
        for (String list : Set.of("volumeMounts", "volumeDevices")) {
            container.each(list, (mount, path) -> mount(mount, path, findings));
        }
    }

    /** Permits read-only mounts of the server's volumes, for example for a backup. */
    private static void mount(Mapping mount, String path, Findings findings) {
        boolean readOnly = mount.scalar("readOnly").filter(Scalars::isTrue).isPresent();
        mount.scalar("name")
                .filter(volume -> PodTemplateRule.ownsVolume(volume.text()))
                .filter(volume -> volume.text().equals(SUPER) || !readOnly)
                .ifPresent(
                        volume -> findings.violation(
                                volume.location(),
                                path + ".name",
                                volume.text().equals(SUPER)
                                        ? "only the server may mount the credentials of the super user: remove it"
                                        : "the volume " + volume.text()
                                                + " belongs to the server, and a sidecar may only read it: set readOnly: true"));
    }
}
