package dev.ensembled;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;

/**
 * Ports for servers that a test starts. They are below 32768, where Linux begins to assign ports to outgoing
 * connections: a port from there can be in use by a connection before the server listens on it. No port is returned
 * twice, and processes that run at the same time start at different offsets. Thread-safe.
 */
public final class FreePorts {
    private static final int LOWEST = 12_000;
    /** From this one on, the local platform assigns ports. */
    private static final int END = 20_000;

    private static int next = LOWEST + (int) (ProcessHandle.current().pid() * 97 % (END - LOWEST));

    private FreePorts() {}

    /** Returns the first of so many consecutive ports that are free at this address. */
    public static synchronized int consecutive(int count, String address) {
        for (int tried = LOWEST; tried < END; tried += count) {
            int first = next + count <= END ? next : LOWEST;
            next = first + count;
            if (IntStream.range(first, next).allMatch(port -> isFree(port, address))) {
                return first;
            }
        }
        throw new IllegalStateException(
                "no " + count + " consecutive free ports between " + LOWEST + " and " + END + " at " + address);
    }

    private static boolean isFree(int port, String address) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(address))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
