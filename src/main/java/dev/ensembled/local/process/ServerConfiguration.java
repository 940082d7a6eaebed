package dev.ensembled.local.process;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Digest;
import dev.ensembled.reconciler.desired.ServerConfig;
import dev.ensembled.reconciler.desired.ServerConfig.Layout;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * The configuration from which the servers of an ensemble are started: the counterpart of a StatefulSet's pod template. The
 * membership is not part of it: each server keeps it beside its data, and it changes by reconfiguration, not by a restart.
 *
 * @param version the ZooKeeper version
 * @param settings the settings in zoo.cfg, except the paths, which differ for each server
 * @param heapBytes the maximum size of the heap
 * @param options additional options of the JVM
 * @param superDigest the digest of the super user's password; empty if there is none yet
 */
public record ServerConfiguration(
        String version, SortedMap<String, String> settings, long heapBytes, List<String> options, String superDigest) {

    public ServerConfiguration {
        Objects.requireNonNull(version, "version");
        settings = java.util.Collections.unmodifiableSortedMap(new java.util.TreeMap<>(settings));
        options = List.copyOf(options);
        superDigest = Objects.requireNonNullElse(superDigest, "");
    }

    /** The target that the spec asks for. */
    public static ServerConfiguration of(Desired desired, String superDigest) {
        ServerConfig config = ServerConfig.of(
                desired, new Layout(Map.of(), id -> Ports.from(0).endpoint()));
        EnsembleSpec spec = desired.spec();
        return new ServerConfiguration(
                spec.version(),
                config.settings(),
                Quantity.getAmountInBytes(new Quantity(spec.jvm().heap()))
                        .setScale(0, RoundingMode.CEILING)
                        .longValueExact(),
                spec.jvm().options(),
                superDigest);
    }

    /** The digests of the parts, by name. */
    public Map<String, String> aspects() {
        return Map.of(
                "config", Digest.of(new ServerConfig(settings).zooCfg()),
                "credentials", Digest.of(superDigest),
                "image", Digest.of(version),
                "jvm", Digest.of(heapBytes + " " + String.join(" ", options)));
    }

    /** The revision: a digest of the whole content. */
    public String revision() {
        Map<String, String> aspects = aspects();
        return Digest.of(aspects.get("config"), aspects.get("credentials"), aspects.get("image"), aspects.get("jvm"));
    }

    /** The paths of the differences, for people. */
    public List<String> differences(ServerConfiguration other) {
        List<String> paths = new ArrayList<>();
        if (!version.equals(other.version)) {
            paths.add("version");
        }
        TreeSet<String> keys = new TreeSet<>(settings.keySet());
        keys.addAll(other.settings.keySet());
        keys.removeIf(key -> Objects.equals(settings.get(key), other.settings.get(key)));
        keys.forEach(key -> paths.add("config." + key));
        if (heapBytes != other.heapBytes) {
            paths.add("jvm.heap");
        }
        if (!options.equals(other.options)) {
            paths.add("jvm.options");
        }
        if (!superDigest.equals(other.superDigest)) {
            paths.add("credentials");
        }
        return paths;
    }
}
