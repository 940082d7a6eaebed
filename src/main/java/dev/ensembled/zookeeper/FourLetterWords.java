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
 * Says one four-letter word to a server and reads the whole answer, over plain TCP. The server closes the connection at
 * the end of its answer, so each word takes a connection of its own. Keeps no state; any number of threads may use it.
 */
final class FourLetterWords {
    private static final int CONNECT_MILLIS = 1_000;
    private static final int MAX_ANSWER = 64 * 1024;

    private FourLetterWords() {}

    /**
     * The server's answer.
     *
     * @param left how much time is left for this word; connecting takes at most a second of it
     * @throws java.net.ConnectException if nothing listens there
     * @throws SocketTimeoutException if the time is over
     * @throws IOException if the connection broke, or the answer is too long to be one
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
            // Set anew for each read: a server that trickles its answer must not stretch the deadline.
            socket.setSoTimeout(millisUntil(end));
            int read = in.read(buffer);
            if (read < 0) {
                return answer.toString(StandardCharsets.UTF_8);
            }
            answer.write(buffer, 0, read);
            if (answer.size() > MAX_ANSWER) {
                throw new IOException("answer is longer than " + MAX_ANSWER + " bytes");
            }
        }
    }

    private static int millisUntil(long end) throws SocketTimeoutException {
        long millis = (end - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException("no time left");
        }
        return (int) millis;
    }
}
