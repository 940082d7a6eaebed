package dev.ensembled.reconciler.spec;

import dev.ensembled.reconciler.spec.EnsembleSpec.Jvm;
import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a pod template may say of the container in which the server runs, and that every container has a name. */
final class ServerContainerRule {
    private static final String NAME = "zookeeper";
    private static final String PATH = "spec.podTemplate.spec.containers";
    private static final String PROBE = "only ensembled can tell whether a server serves";
    private static final String START = "ensembled decides how a server starts";

    private static final Map<String, String> OWNED = Map.ofEntries(
            Map.entry("image", "use spec.image"),
            Map.entry("command", START),
            Map.entry("args", START),
            Map.entry("workingDir", START),
            Map.entry("ports", "Services and peers rely on the ports that ensembled sets"),
            Map.entry("readinessProbe", PROBE),
            Map.entry("livenessProbe", PROBE),
            Map.entry("startupProbe", PROBE),
            Map.entry("lifecycle", "ensembled decides how a server stops"),
            Map.entry("restartPolicy", "a server that ends is always restarted"));

    private static final Pattern OWNED_VARIABLES =
            Pattern.compile("ZOO.*|ZK_.*|(SERVER_|CLIENT_)?JVMFLAGS|JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS");

    private static final Set<String> OWNED_PATHS = Set.of("/data", "/datalog", "/conf", "/logs", "/tmp", "/ensembled");

    private final Mapping spec;
    private final Findings findings;

    ServerContainerRule(Mapping spec, Findings findings) {
        this.spec = spec;
        this.findings = findings;
    }

    static boolean isServer(Scalar name) {
        return name.text().equals(NAME);
    }

    void check(Mapping template) {
        List<YamlNode> containers = template.items("spec", "containers");
        for (int index = 0; index < containers.size(); index++) {
            if (containers.get(index) instanceof Mapping container) {
                container(container, PATH + "[" + index + "]");
            }
        }
    }

    private void container(Mapping container, String path) {
        Optional<Scalar> name = container.scalar("name");
        if (name.isEmpty()) {
            findings.violation(
                    container.place(),
                    path + ".name",
                    "must be set: " + NAME + " is the server's own container, any other is a sidecar");
        } else if (isServer(name.get())) {
            container.fields().forEach((key, field) -> {
                if (OWNED.containsKey(key)) {
                    findings.violation(
                            field.key(),
                            path + "." + key,
                            "ensembled owns this field: " + OWNED.get(key) + ". Remove it");
                }
            });
            variables(container, path);
            mounts(container, path);
            memory(container, path);
        } else if (container.scalar("image").isEmpty()) {
            findings.violation(
                    container.place(),
                    path + ".image",
                    "must be set: " + name.get().text() + " is a sidecar");
        }
    }

    private void variables(Mapping container, String path) {
        each(container, "env", "name", (name, index) -> {
            if (OWNED_VARIABLES.matcher(name.text()).matches()) {
                findings.violation(
                        name.place(),
                        path + ".env[" + index + "].name",
                        "ensembled owns this variable: use spec.config for settings and spec.jvm for the JVM");
            }
        });
    }

    private void mounts(Mapping container, String path) {
        each(container, "volumeMounts", "mountPath", (mount, index) -> {
            String target = mount.text().replaceFirst("/+$", "");
            if (OWNED_PATHS.contains(target)) {
                findings.violation(
                        mount.place(),
                        path + ".volumeMounts[" + index + "].mountPath",
                        "ensembled mounts a volume of its own at " + target + ": use another path");
            }
        });
    }

    private interface Check {
        void check(Scalar value, int index);
    }

    private static void each(Mapping container, String list, String key, Check check) {
        List<YamlNode> items = container.items(list);
        for (int index = 0; index < items.size(); index++) {
            if (items.get(index) instanceof Mapping item) {
                Optional<Scalar> value = item.scalar(key);
                if (value.isPresent()) {
                    check.check(value.get(), index);
                }
            }
        }
    }

    private void memory(Mapping container, String path) {
        String heap = spec.scalar("jvm", "heap").map(Scalar::text).orElse(new Jvm(null, null).heap());
        Optional<BigDecimal> heapBytes = Bytes.of(heap);
        Optional<Scalar> limit = container.scalar("resources", "limits", "memory");
        Optional<BigDecimal> limitBytes = limit.map(Scalar::text).flatMap(Bytes::ofQuantity);
        if (heapBytes.isPresent() && limitBytes.isPresent() && limitBytes.get().compareTo(heapBytes.get()) <= 0) {
            findings.violation(
                    limit.orElseThrow().place(),
                    path + ".resources.limits.memory",
                    "leaves no room beside the heap of %s (spec.jvm.heap): the server would be killed; use a quarter more"
                            .formatted(heap));
        }
    }
}
