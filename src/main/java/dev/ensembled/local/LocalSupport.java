package dev.ensembled.local;

import dev.ensembled.local.process.ServerClassPath;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Refuses, with a reason, what a spec may contain but servers that share this machine cannot do: these servers would not
 * start, or would run without the feature and not report it.
 */
final class LocalSupport {
    private static final String CLUSTER = ": remove it, or use a cluster";
    private static final List<String> CLASS_KEYS =
            List.of("serverCnxnFactory", "metricsProvider.className", "audit.impl.class", "watchManagerName");
    private static final Pattern PROPERTY = Pattern.compile("-Dzookeeper\\.([^=]+)=(.*)");
    private static final Pattern ONE_PORT = Pattern.compile(
            "-Dcom\\.sun\\.management\\.(jmxremote|snmp).*\\.port=[1-9].*|-agentlib:jdwp=.*|-javaagent:[^=]+=.*:?[0-9]{4,5}.*");
    /** Options that name a file without which the JVM does not start. */
    private static final Pattern READ = Pattern.compile(
            "(?:-javaagent:|-agentpath:|-Djava\\.security\\.auth\\.login\\.config=|-XX:Flags=)([^=:,]+).*");
    /** Options that name a file that the JVM writes, in a directory that must exist. */
    private static final Pattern WRITTEN = Pattern.compile(
            "(?:-Xlog.*:file=|-Xlog[^/]*:|-Xloggc:|-XX:HeapDumpPath=|-XX:ErrorFile=|-XX:LogFile=)(/[^:,]+).*");

    private LocalSupport() {}

    /** The reason why the servers of a spec cannot run on this machine; empty if they can. */
    static Optional<String> refusal(EnsembleSpec spec) {
        return Stream.of(version(spec), ports(spec), classes(spec), files(spec))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> version(EnsembleSpec spec) {
        String version = ServerClassPath.zooKeeperVersion();
        return spec.version().equals(version)
                ? Optional.empty()
                : Optional.of("the local platform supports only ZooKeeper " + version + ", not " + spec.version()
                        + ": set version: " + version + ", or use a cluster");
    }

    private static Optional<String> ports(EnsembleSpec spec) {
        if (spec.config().containsKey("observerMasterPort")) {
            return Optional.of(
                    "config.observerMasterPort: all servers run on this machine, and only one of them can listen"
                            + " on the port" + CLUSTER);
        }
        return options(spec)
                .filter(option -> ONE_PORT.matcher(option).matches())
                .findFirst()
                .map(option -> "jvm.options " + option
                        + ": all servers run on this machine, and only one of them can listen on the port" + CLUSTER);
    }

    private static Optional<String> classes(EnsembleSpec spec) {
        Map<String, String> settings = new LinkedHashMap<>(spec.config());
        options(spec)
                .map(PROPERTY::matcher)
                .filter(Matcher::matches)
                .forEach(property -> settings.putIfAbsent(property.group(1), property.group(2)));
        return settings.entrySet().stream()
                .filter(entry ->
                        CLASS_KEYS.contains(entry.getKey()) || entry.getKey().startsWith("authProvider."))
                .filter(entry -> !ServerClassPath.has(entry.getValue()))
                .findFirst()
                .map(entry -> "config." + entry.getKey() + ": class " + entry.getValue()
                        + " is not available on the local platform" + CLUSTER);
    }

    private static Optional<String> files(EnsembleSpec spec) {
        return options(spec)
                .filter(option -> missing(option).isPresent())
                .findFirst()
                .map(option -> "jvm.options " + option + ": " + missing(option).get()
                        + " does not exist or is not accessible on this machine" + CLUSTER);
    }

    private static Optional<Path> missing(String option) {
        Matcher read = READ.matcher(option);
        if (read.matches()) {
            return Optional.of(Path.of(read.group(1))).filter(file -> !Files.isReadable(file));
        }
        Matcher written = WRITTEN.matcher(option);
        return written.matches()
                ? Optional.ofNullable(Path.of(written.group(1)).getParent()).filter(dir -> !Files.isWritable(dir))
                : Optional.empty();
    }

    private static Stream<String> options(EnsembleSpec spec) {
        return Objects.requireNonNullElse(spec.jvm().options(), List.<String>of()).stream();
    }
}
