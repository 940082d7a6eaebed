package dev.ensembled.zookeeper;

import dev.ensembled.reconciler.observed.Member.HostPort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Sends one four-letter word to a server and reads the whole answer, over plain TCP. The server closes the connection
 * at the end of its answer, so each command needs its own connection. This class keeps no state and is thread-safe.
 */
final class FourLetterWords {
    private static final int CONNECT_MILLIS = 1_000;
    private static final int MAX_ANSWER = 64 * 1024;

    private FourLetterWords() {}

    /**
     * Returns the answer of the server.
     *
     * @param left the time that is left for this command; connecting takes at most one second of it
     * @throws java.net.ConnectException if nothing listens at the address
     * @throws SocketTimeoutException if the time is over
     * @throws IOException if the connection broke, or the answer is too long to be valid
     */
    static String ask(HostPort server, String word, Duration left) throws IOException {
        long end = System.nanoTime() + left.toNanos();
        InetSocketAddress address = new InetSocketAddress(server.host(), server.port());
        if (address.isUnresolved()) {
            throw new UnknownHostException(server.host());
        }
        try (Socket socket = new Socket()) {
            socket.connect(address, Math.min(CONNECT_MILLIS, millisUntil(end)));
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return readToEnd(socket, end);
        }
    }

    private static String readToEnd(Socket socket, long end) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8192];
        while (true) {
            // Set before each read: a server that sends its answer slowly must not extend the deadline.
            socket.setSoTimeout(millisUntil(end));
            int read = in.read(buffer);
            if (read < 0) {
                return answer.toString(StandardCharsets.UTF_8);
            }
            answer.write(buffer, 0, read);
            if (answer.size() > MAX_ANSWER) {
                throw new IOException("response exceeds " + MAX_ANSWER + " bytes");
            }
        }
    }

    private static int millisUntil(long end) throws SocketTimeoutException {
        long millis = (end - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException("deadline exceeded");
        }
        return (int) millis;
    }
}
