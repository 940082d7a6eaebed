package dev.ensembled.reconciler.desired;

import dev.ensembled.reconciler.desired.ServerConfig.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files that the servers of an ensemble get on Kubernetes, by name. Together they are the content of one immutable
 * ConfigMap, named after its digest: a pod can never start with half of a new configuration.
 */
record ServerFiles(SortedMap<String, String> texts) {
    static final int CLIENT_PORT = 2181;
    static final int QUORUM_PORT = 2888;
    static final int ELECTION_PORT = 3888;
    private static final List<String> RESOURCES =
            List.of("start.sh", "start-disk.sh", "start-server.sh", "ready.sh", "logback.xml");

    static ServerFiles of(Desired desired) {
        ServerConfig config = ServerConfig.of(desired, layout(new ObjectNames(desired.id())));
        SortedMap<String, String> texts = new TreeMap<>();
        texts.put("zoo.cfg", config.zooCfg());
        for (String name : RESOURCES) {
            texts.put(name, resource(name));
        }
        return new ServerFiles(texts);
    }

    String digest() {
        return CanonicalJson.digest(texts);
    }

    /**
     * Servers listen on all addresses, because a pod does not have the address to which its name resolved before the
     * restart. Attempts to bind the election port are not limited, because the name may not resolve yet.
     */
    private static Layout layout(ObjectNames names) {
        return new Layout(
                Map.of(
                        "dataDir", "/data",
                        "dataLogDir", "/datalog",
                        "quorumListenOnAllIPs", "true",
                        "electionPortBindRetry", "0"),
                names::endpoint);
    }

    private static String resource(String name) {
        try (InputStream stream = ServerFiles.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("not on the class path: " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
