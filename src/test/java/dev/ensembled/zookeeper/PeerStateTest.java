package dev.ensembled.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.observed.Server;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.zookeeper.server.quorum.QuorumPeer;
import org.apache.zookeeper.server.quorum.QuorumPeer.ServerState;
import org.apache.zookeeper.server.quorum.QuorumPeer.SyncMode;
import org.apache.zookeeper.server.quorum.QuorumPeer.ZabState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every combination of server state, ZAB state and sync mode in the classes of ZooKeeper 3.9 and 3.8, as a real
 * QuorumPeer of each prints it; and how the probe and {@code ready.sh} interpret it.
 */
class PeerStateTest {
    private static final String SILENT = "This ZooKeeper instance is not currently serving requests\n";

    /** One combination of the fields of a server. */
    private record Combination(String server, String zab, String sync) {
        boolean possible() {
            return !server.equals("LOOKING") || zab.equals("ELECTION");
        }

        boolean serves() {
            return possible() && zab.equals("BROADCAST");
        }

        /** The role in its {@code zk_server_state} and {@code srvr}. */
        String role() {
            return switch (server) {
                case "LEADING" -> "leader";
                case "OBSERVING" -> "observer";
                default -> "follower";
            };
        }
    }

    /** How a version of ZooKeeper prints a combination. */
    private record Version(String name, Function<Combination, String> prints, List<Combination> combinations) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A peer that is never started needs no AdminServer. */
    @BeforeAll
    static void withoutAdminServer() {
        System.setProperty("zookeeper.admin.enableServer", "false");
    }

    @AfterAll
    static void asBefore() {
        System.clearProperty("zookeeper.admin.enableServer");
    }

    static Stream<Version> versions() throws Exception {
        return Stream.of(
                version("3.9", QuorumPeer.class.getClassLoader()),
                version("3.8", new Older(Path.of(System.getProperty("older.zookeeper.jar")))));
    }

    private static Version version(String name, ClassLoader classes) throws Exception {
        Class<?> peer = classes.loadClass(QuorumPeer.class.getName());
        Class<?> server = classes.loadClass(ServerState.class.getName());
        Class<?> zab = classes.loadClass(ZabState.class.getName());
        Class<?> sync = classes.loadClass(SyncMode.class.getName());
        Object real = peer.getConstructor().newInstance();
        List<Combination> combinations = new ArrayList<>();
        for (Object one : server.getEnumConstants()) {
            for (Object other : zab.getEnumConstants()) {
                for (Object third : sync.getEnumConstants()) {
                    combinations.add(new Combination(one.toString(), other.toString(), third.toString()));
                }
            }
        }
        return new Version(
                name,
                all -> {
                    try {
                        peer.getMethod("setPeerState", server).invoke(real, constant(server, all.server()));
                        peer.getMethod("setZabState", zab).invoke(real, constant(zab, all.zab()));
                        peer.getMethod("setSyncMode", sync).invoke(real, constant(sync, all.sync()));
                        return (String) peer.getMethod("getDetailedPeerState").invoke(real);
                    } catch (ReflectiveOperationException e) {
                        throw new IllegalStateException(e);
                    }
                },
                combinations);
    }

    private static Object constant(Class<?> type, String name) {
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> value.toString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void everyPrintedStateIsReadAsZooKeeperDefinesIt(Version version) {
        assertThat(version.combinations()).hasSize(64);
        for (Combination one : version.combinations()) {
            String text = version.prints().apply(one);
            Optional<PeerState> state = PeerState.of(text);
            assertThat(state.isPresent()).as(text).isEqualTo(one.possible());
            assertThat(state.filter(PeerState::broadcasts).isPresent()).as(text).isEqualTo(one.serves());
            assertThat(state.filter(it -> it.role().isEmpty()).isPresent())
                    .as(text)
                    .isEqualTo(one.server().equals("LOOKING") && one.possible());
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void probeNeverMistakesAServingServerForAStoppedOne(Version version) {
        for (Combination one : version.combinations()) {
            String text = version.prints().apply(one);
            String mntr = "zk_server_state\t" + one.role() + "\nzk_peer_state\t" + text + "\n";
            Optional<Server> running = settled(mntr, "Mode: " + one.role() + "\n");
            Optional<Server> silent = settled(mntr, SILENT);
            if (one.serves()) {
                assertThat(running).as(text).isEmpty();
            } else {
                assertThat(running).as(text).containsInstanceOf(Server.Unknown.class);
            }
            assertThat(silent)
                    .as(text)
                    .containsInstanceOf(
                            one.possible() && !one.serves() ? Server.NotServing.class : Server.Unknown.class);
        }
    }

    private static Optional<Server> settled(String mntr, String srvr) {
        return ServerResponses.unusable(mntr).or(() -> ServerResponses.decidedBy(mntr, srvr));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void podIsReadyInExactlyTheSameStates(Version version) throws Exception {
        for (Combination one : version.combinations()) {
            String text = version.prints().apply(one);
            assertThat(ReadyScript.saysReady("zk_version\t3\nzk_peer_state\t" + text + "\n"))
                    .as(text)
                    .isEqualTo(one.serves());
        }
    }

    @Test
    void thePodOfAServerWithATurkishLocaleIsReadyToo() throws Exception {
        assertThat(ReadyScript.saysReady("zk_peer_state\tlead\u0131ng - broadcast - d\u0131ff\n"))
                .isTrue();
        assertThat(ReadyScript.saysReady("zk_peer_state\tlook\u0131ng - d\u0131ff\n"))
                .isFalse();
        assertThat(ReadyScript.saysReady(SILENT)).isFalse();
    }

    /** The classes of another version, before the ones on the class path; its dependencies are shared with the tests. */
    private static final class Older extends URLClassLoader {
        Older(Path jar) throws IOException {
            super(new URL[] {jar.toUri().toURL()}, PeerStateTest.class.getClassLoader());
            assertThat(Files.isRegularFile(jar)).as(jar.toString()).isTrue();
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded == null && name.startsWith("org.apache.zookeeper.") && findResource(file(name)) != null) {
                    loaded = findClass(name);
                }
                return loaded == null ? super.loadClass(name, resolve) : loaded;
            }
        }

        private static String file(String name) {
            return name.replace('.', '/') + ".class";
        }
    }
}
