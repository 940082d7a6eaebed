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
    private static final String OR_WITHOUT_SNAPSHOT =
            "{}, or set admin.enableServer to false in spec.config to upgrade without a snapshot";

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
                        "{Service/kafka} already exists and is not managed by ensembled: rename the ensemble, or delete the"
                                + " object"),
                refused(
                        Gate.FOREIGN_OBJECT,
                        "A Secret of that name exists",
                        "Secret/{kafka-super} already exists and is not managed by ensembled: rename the ensemble, or delete"
                                + " the Secret"),
                refused(
                        Gate.IMMUTABLE_FIELD,
                        "A field cannot be changed",
                        "cannot update {StatefulSet/kafka}, which has immutable fields{} (differs in"
                                + " {spec.volumeClaimTemplates}){}; nothing was changed. Restore the previous value in the"
                                + " spec. API server: {updates to statefulset spec are forbidden}"),
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
                        "no session at the leader " + LEADER
                                + ": {no session within 5s}. The request is retried; if it keeps failing while the server"
                                + " is running, restart the server manually: after a reconfiguration, a leader may stop"
                                + " committing (ZOOKEEPER-4708)"),
                refused(
                        Gate.RECONFIGURATION,
                        "NEWCONFIGNOQUORUM",
                        "too few voters of the new membership are in sync with the leader " + LEADER
                                + ": wait until more are, or repair the voters that are not in sync"),
                refused(
                        Gate.RECONFIGURATION,
                        "RECONFIGINPROGRESS",
                        "another reconfiguration is in progress; the request is retried. If it keeps failing, restart the"
                                + " leader " + LEADER),
                refused(
                        Gate.RECONFIGURATION,
                        "RECONFIGDISABLED",
                        "the leader " + LEADER
                                + " runs with reconfigEnabled=false: restart it with the configuration that"
                                + " ensembled generated"),
                refused(
                        Gate.RECONFIGURATION,
                        "NOAUTH",
                        "the leader " + LEADER
                                + " does not accept the super user's password: restart it manually, so that"
                                + " it reads the current digest"),
                refused(
                        Gate.RECONFIGURATION,
                        "BADARGUMENTS",
                        "the leader " + LEADER + " refused the new membership as invalid: see its log for the reason"),
                refused(
                        Gate.RECONFIGURATION,
                        "UNIMPLEMENTED",
                        "the leader " + LEADER + " runs in standalone mode: set standaloneEnabled=false"));
    }

    private List<ClosedGate> snapshot() {
        return List.of(
                snapshot("No password", "no password of the super user is available"),
                snapshot(
                        "Nothing listens",
                        "no AdminServer is listening: set admin.enableServer to true" + OR_WITHOUT_SNAPSHOT),
                snapshot(
                        "No zxid",
                        "the server is not serving, or its version does not support the snapshot command: wait"
                                + OR_WITHOUT_SNAPSHOT),
                snapshot(
                        "401 or 403",
                        "the server does not accept the super user's password: restore the Secret that its digest was"
                                + " generated from" + OR_WITHOUT_SNAPSHOT),
                snapshot(
                        "404",
                        "the AdminServer has no such command URL: set admin.enableServer to true, and admin.commandURL to"
                                + " /commands" + OR_WITHOUT_SNAPSHOT),
                snapshot("429", "the server limits the rate of snapshots; the request is retried"),
                snapshot(
                        "503",
                        "the snapshot command is disabled: set admin.snapshot.enabled to true" + OR_WITHOUT_SNAPSHOT),
                snapshot(
                        "Another status",
                        "the server responded with HTTP status {500}: see its log for the reason, and check its disk"
                                + " space"));
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
                refused(Gate.BUDGET, "A budget on a laptop", "disruption budget {kafka-budget} allows no disruption"),
                refused(
                        Gate.VERSION,
                        "A version that a laptop does not have",
                        "the local platform supports only ZooKeeper {3.9.5}, not {3.8.6}: set version: {3.9.5}, or use a cluster"),
                refused(
                        Gate.PLATFORM,
                        "A step that a laptop does not have",
                        "the local platform does not support this step: {expand data-kafka-0}"));
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
