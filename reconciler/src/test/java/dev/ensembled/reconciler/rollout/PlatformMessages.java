package dev.ensembled.reconciler.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.Golden;
import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.cycle.BlockedCycle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Situations in which the platform or a server refuses a step. The module {@code src} has these messages, so each is
 * compared with its sources, except for the values in braces.
 */
final class PlatformMessages {
    private static final String LEADER = "{kafka-0:2181}";
    private static final String ADMIN_SERVER = "snapshot by {kafka-1:8080}: ";
    private static final String WITHOUT =
            "{}, or set admin.enableServer to false in spec.config so that the upgrade goes without a snapshot";

    private final String sources = sources();

    static List<ClosedGate> all() {
        PlatformMessages messages = new PlatformMessages();
        return Stream.of(
                        messages.objects(),
                        messages.leader(),
                        messages.snapshot(),
                        messages.eviction(),
                        messages.laptop())
                .flatMap(List::stream)
                .toList();
    }

    private List<ClosedGate> objects() {
        return List.of(
                refused(
                        Gate.FOREIGN_OBJECT,
                        "An object of that name exists",
                        "{Service/kafka} exists already and is not ensembled's: rename the ensemble, or remove that object"),
                refused(
                        Gate.FOREIGN_OBJECT,
                        "A Secret of that name exists",
                        "Secret/{kafka-super} exists already and is not ensembled's: rename the ensemble, or remove that"
                                + " Secret"),
                refused(
                        Gate.IMMUTABLE_FIELD,
                        "A field cannot be changed",
                        "Kubernetes does not let {StatefulSet/kafka} be changed like this{} (differs in"
                                + " {spec.volumeClaimTemplates}){}; nothing was changed. Put the former value back into the"
                                + " spec. It says: {updates to statefulset spec are forbidden}"),
                refused(
                        Gate.REFUSED_BY_API,
                        "The API server refuses an object",
                        "apply {StatefulSet/kafka}: {admission webhook \"images.example.com\" denied the request}"));
    }

    private List<ClosedGate> leader() {
        return List.of(
                refused(
                        Gate.RECONFIGURATION,
                        "The leader grants no session",
                        "the leader " + LEADER
                                + " was not asked: {no session within 5s}. It is asked again; if it stays so"
                                + " while that server runs, restart it by hand, since after a reconfiguration a leader may"
                                + " commit nothing any more (ZOOKEEPER-4708)"),
                refused(
                        Gate.RECONFIGURATION,
                        "NEWCONFIGNOQUORUM",
                        "of the new membership's voters too few follow " + LEADER
                                + " in sync: wait until they do, or repair those that do not"),
                refused(
                        Gate.RECONFIGURATION,
                        "RECONFIGINPROGRESS",
                        "an earlier reconfiguration has not been committed yet: it is asked for again; if it stays so,"
                                + " restart the leader " + LEADER),
                refused(
                        Gate.RECONFIGURATION,
                        "RECONFIGDISABLED",
                        "the leader " + LEADER
                                + " runs with reconfigEnabled=false: restart it with the configuration that ensembled made"),
                refused(
                        Gate.RECONFIGURATION,
                        "NOAUTH",
                        "the leader " + LEADER
                                + " does not accept the super user's password: restart it by hand, so that"
                                + " it gets the digest of the present one"),
                refused(
                        Gate.RECONFIGURATION,
                        "BADARGUMENTS",
                        "the leader " + LEADER + " refuses the new membership as invalid: read the reason in its log"),
                refused(
                        Gate.RECONFIGURATION,
                        "UNIMPLEMENTED",
                        "the leader " + LEADER
                                + " runs standalone, not as a member of an ensemble: set standaloneEnabled=false"));
    }

    private List<ClosedGate> snapshot() {
        return List.of(
                snapshot("No password", "there is no password of the super user"),
                snapshot("Nothing listens", "nothing answers there: set admin.enableServer to true" + WITHOUT),
                snapshot("No zxid", "it does not serve, or its version has no such command: wait" + WITHOUT),
                snapshot(
                        "401 or 403",
                        "it does not accept the super user's password: restore the Secret that its digest was made from"
                                + WITHOUT),
                snapshot(
                        "404",
                        "its AdminServer is not there: set admin.enableServer to true, and admin.commandURL to /commands"
                                + WITHOUT),
                snapshot("429", "it wrote one a moment ago; it is asked again"),
                snapshot("503", "the command is off there: leave admin.snapshot.enabled at true" + WITHOUT),
                snapshot(
                        "Another status",
                        "it answered {500}: read the reason in its log, check the space on its disk"));
    }

    private ClosedGate snapshot(String title, String reason) {
        return refused(Gate.SNAPSHOT, title, ADMIN_SERVER + "{}" + reason);
    }

    private List<ClosedGate> eviction() {
        return List.of(
                refused(
                        Gate.BUDGET,
                        "The Eviction API refuses",
                        "{Cannot evict pod as it would violate the pod's disruption budget. The disruption budget team"
                                + " needs 3 healthy pods and has 3 currently}"),
                refused(
                        Gate.EVICTION_REFUSED,
                        "An admission webhook refuses the eviction",
                        "{admission webhook \"evictions.example.com\" denied the request: change freeze}"),
                refused(Gate.REFUSED_BY_API, "The daemon may not evict", "{pods \"kafka-1\" is forbidden}"));
    }

    private List<ClosedGate> laptop() {
        return List.of(
                refused(Gate.BUDGET, "A budget on a laptop", "budget {kafka-budget} allows no disruption now"),
                refused(
                        Gate.VERSION,
                        "A version that a laptop does not have",
                        "local runs ZooKeeper {3.9.5} only, not {3.8.6}: set version: {3.9.5}, or use a cluster"),
                refused(
                        Gate.PLATFORM,
                        "A step that a laptop does not have",
                        "servers that are processes on loopback have nothing for: {expand data-kafka-0}"));
    }

    private ClosedGate refused(Gate gate, String title, String template) {
        for (String text : template.split("\\{[^}]*}", -1)) {
            assertThat(sources).as("the sources of the module src").contains(text.replace("\"", "\\\""));
        }
        String reason = template.replaceAll("[{}]", "");
        return ClosedGate.reported(
                title, false, BlockedCycle.blocked(Scene.of(3).wanting("new"), gate, reason));
    }

    /** The sources, in which each text that is written in several parts is one. */
    private static String sources() {
        try (Stream<Path> files = Files.walk(Golden.projectRoot().resolve("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(PlatformMessages::read)
                    .collect(Collectors.joining())
                    .replaceAll("\"\\s*\\+ \"", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
