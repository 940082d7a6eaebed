package dev.ensembled.local;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Desired.Place;
import dev.ensembled.reconciler.desired.Digest;
import dev.ensembled.reconciler.desired.MembershipText;
import dev.ensembled.reconciler.desired.ServerConfig;
import dev.ensembled.reconciler.desired.ServerConfig.Endpoint;
import dev.ensembled.reconciler.desired.ServerConfig.Layout;
import dev.ensembled.reconciler.spec.EnsembleSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * What the servers of an ensemble are started from: the counterpart of a StatefulSet's pod template.
 *
 * @param version of the servers' software
 * @param settings of zoo.cfg, but for the paths, which differ for each server
 * @param membership the initial membership; servers that have run keep their own
 * @param heapBytes the largest heap
 * @param options further options of the JVM
 * @param members ids of the servers that should run
 */
record Target(
        String version,
        SortedMap<String, String> settings,
        List<String> membership,
        long heapBytes,
        List<String> options,
        List<Integer> members) {

    /** A server never begins with an empty database on its own: see {@link ServerFiles#prepare}. */
    private static final Map<String, String> COMMON = Map.of();

    Target {
        settings = java.util.Collections.unmodifiableSortedMap(new java.util.TreeMap<>(settings));
        membership = List.copyOf(membership);
        options = List.copyOf(options);
        members = List.copyOf(members);
    }

    /** What is wanted now; {@code ports} has an entry for each member. */
    static Target of(Desired desired, Map<Integer, Ports> ports) {
        ServerConfig config = ServerConfig.of(desired, new Layout(COMMON, id -> endpoint(ports.get(id))));
        EnsembleSpec spec = desired.spec();
        return new Target(
                spec.version(),
                config.settings(),
                MembershipText.lines(desired.membership(), id -> endpoint(ports.get(id))),
                Quantity.getAmountInBytes(new Quantity(spec.jvm().heap()))
                        .setScale(0, RoundingMode.CEILING)
                        .longValueExact(),
                spec.jvm().options(),
                desired.members().stream().map(Place::id).toList());
    }

    private static Endpoint endpoint(Ports ports) {
        return new Endpoint(Ports.LOOPBACK, ports.quorum(), ports.election(), Ports.LOOPBACK, ports.client());
    }

    /** The parts by name, as digests. The membership is none: it changes by reconfiguration and not by a restart. */
    Map<String, String> aspects() {
        return Map.of(
                "config", Digest.of(new ServerConfig(settings).zooCfg()),
                "image", Digest.of(version),
                "jvm", Digest.of(heapBytes + " " + String.join(" ", options)));
    }

    /** Names the content of this, as far as a server has to be restarted for it. */
    String revision() {
        Map<String, String> aspects = aspects();
        return Digest.of(aspects.get("config"), aspects.get("image"), aspects.get("jvm"));
    }

    /** Whether a server that was started from the other runs as this wants it, and all members are the same. */
    boolean sameAs(Target other) {
        return revision().equals(other.revision()) && members.equals(other.members);
    }

    /** Paths of what differs, for people. */
    List<String> differences(Target other) {
        List<String> paths = new ArrayList<>();
        if (!version.equals(other.version)) {
            paths.add("version");
        }
        TreeSet<String> keys = new TreeSet<>(settings.keySet());
        keys.addAll(other.settings.keySet());
        keys.removeIf(key -> java.util.Objects.equals(settings.get(key), other.settings.get(key)));
        keys.forEach(key -> paths.add("config." + key));
        if (heapBytes != other.heapBytes) {
            paths.add("jvm.heap");
        }
        if (!options.equals(other.options)) {
            paths.add("jvm.options");
        }
        if (!members.equals(other.members)) {
            paths.add("members");
        }
        return paths;
    }
}
