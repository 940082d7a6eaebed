package dev.ensembled.local;

import dev.ensembled.reconciler.desired.ServerConfig.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The ports of one server on loopback.
 *
 * @param admin of its AdminServer, if it has one; 0 in a file of a version that gave none
 * @param metrics of its metrics provider; the same
 */
record Ports(int client, int quorum, int election, int admin, int metrics) {
    static final String LOOPBACK = "127.0.0.1";
    /** How many there are of one server. */
    static final int PER_SERVER = 5;

    private static final byte[] LOOPBACK_BYTES = {127, 0, 0, 1};

    /** As many in a row as a server has. */
    static Ports from(int first) {
        return new Ports(first, first + 1, first + 2, first + 3, first + 4);
    }

    /** As far as a membership names them. */
    static Ports ofMember(int client, int quorum, int election) {
        return new Ports(client, quorum, election, 0, 0);
    }

    boolean isComplete() {
        return admin != 0 && metrics != 0;
    }

    /** The ports that peers and clients know, with the others of some that are free. */
    Ports completedFrom(Ports free) {
        return new Ports(client, quorum, election, free.admin(), free.metrics());
    }

    /** All that it has. */
    List<Integer> all() {
        return Stream.of(client, quorum, election, admin, metrics)
                .filter(port -> port != 0)
                .toList();
    }

    /** Where peers and clients find the server. */
    Endpoint endpoint() {
        return new Endpoint(LOOPBACK, quorum, election, LOOPBACK, client);
    }

    /** One of these that somebody listens at now; empty if all are free. */
    Optional<Integer> taken() {
        return all().stream().filter(port -> !free(port)).findFirst();
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
