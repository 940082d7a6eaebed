package dev.ensembled.local.process;

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
 * @param admin the port of its AdminServer, if it has one; 0 in a file of a version that assigned no such port
 * @param metrics the port of its metrics provider; 0 in the same case
 */
public record Ports(int client, int quorum, int election, int admin, int metrics) {
    public static final String LOOPBACK = "127.0.0.1";
    /** The number of ports of one server. */
    public static final int PER_SERVER = 5;

    private static final byte[] LOOPBACK_BYTES = {127, 0, 0, 1};

    /** Consecutive ports for one server. */
    public static Ports from(int first) {
        return new Ports(first, first + 1, first + 2, first + 3, first + 4);
    }

    /** The ports that a membership contains; the other ports are 0. */
    public static Ports ofMember(int client, int quorum, int election) {
        return new Ports(client, quorum, election, 0, 0);
    }

    public boolean isComplete() {
        return admin != 0 && metrics != 0;
    }

    /** Keeps the ports that peers and clients know, and takes the other ports from free ones. */
    public Ports completedFrom(Ports free) {
        return new Ports(client, quorum, election, free.admin(), free.metrics());
    }

    /** All assigned ports. */
    public List<Integer> all() {
        return Stream.of(client, quorum, election, admin, metrics)
                .filter(port -> port != 0)
                .toList();
    }

    /** The addresses at which peers and clients find the server. */
    public Endpoint endpoint() {
        return new Endpoint(LOOPBACK, quorum, election, LOOPBACK, client);
    }

    /** A port of these on which another process listens now; empty if all are free. */
    public Optional<Integer> portInUse() {
        return all().stream().filter(port -> !free(port)).findFirst();
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // Connections of the previous server may linger on the port; they do not prevent listening.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK_BYTES), port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
