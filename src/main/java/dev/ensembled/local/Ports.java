package dev.ensembled.local;

import dev.ensembled.reconciler.desired.ServerConfig.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;

/** The ports of one server on loopback. */
record Ports(int client, int quorum, int election) {
    static final String LOOPBACK = "127.0.0.1";
    private static final byte[] LOOPBACK_BYTES = {127, 0, 0, 1};

    /** Three ports in a row. */
    static Ports from(int first) {
        return new Ports(first, first + 1, first + 2);
    }

    /** Where peers and clients find the server. */
    Endpoint endpoint() {
        return new Endpoint(LOOPBACK, quorum, election, LOOPBACK, client);
    }

    /** One of these that somebody listens at now; empty if all are free. */
    Optional<Integer> taken() {
        return List.of(client, quorum, election).stream()
                .filter(port -> !free(port))
                .findFirst();
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // Connections of the server that had it before may linger; they keep nobody from listening.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK_BYTES), port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
