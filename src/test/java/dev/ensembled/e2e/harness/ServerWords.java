package dev.ensembled.e2e.harness;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Four-letter word requests to a ZooKeeper server. */
public final class ServerWords {
    private static final int CONNECT_MILLIS = 250;
    private static final int READ_MILLIS = 500;
    private static final Pattern EPOCH = Pattern.compile("^Zxid: 0x([0-9a-f]+)$", Pattern.MULTILINE);

    private static final Pattern SYNC_MODE = Pattern.compile(" - (diff|snap|trunc)$");
    private static final Pattern VERSION = Pattern.compile("^Zookeeper version: ([0-9.]+)", Pattern.MULTILINE);

    private ServerWords() {}

    /** The answer; empty if the server gives none in time. */
    public static Optional<String> ask(String address, String word) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, 2181), CONNECT_MILLIS);
            socket.setSoTimeout(READ_MILLIS);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return Optional.of(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty(); // the caller asks whether there is an answer
        }
    }

    /** The epoch in which a server leads, from its answer to {@code srvr}; empty if it does not lead. */
    static Optional<Long> leadingEpoch(String srvr) {
        return srvr.contains("\nMode: leader\n")
                ? EPOCH.matcher(srvr)
                        .results()
                        .findFirst()
                        .map(match -> Long.parseUnsignedLong(match.group(1), 16) >>> 32)
                : Optional.empty();
    }

    /** The server's ZooKeeper version; empty if it does not report one. */
    static Optional<String> version(String address) {
        return ask(address, "srvr")
                .flatMap(answer -> VERSION.matcher(answer).results().findFirst())
                .map(match -> match.group(1));
    }

    /**
     * The state of the server in the quorum, such as "following - broadcast", without the mode of its last
     * synchronization; empty if it does not report one.
     */
    public static Optional<String> peerState(String address) {
        return ask(address, "mntr")
                .map(answer -> values(answer, "\t").get("zk_peer_state"))
                .map(state -> SYNC_MODE.matcher(state).replaceFirst(""));
    }

    /** One line of the server's configuration, by the key that {@code conf} prints. */
    public static Optional<String> configured(String address, String key) {
        return ask(address, "conf").map(answer -> values(answer, "=").get(key));
    }

    private static Map<String, String> values(String answer, String separator) {
        Function<String, String[]> split = line -> line.split(separator, 2);
        return answer.lines()
                .map(split)
                .filter(parts -> parts.length == 2)
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (first, second) -> first));
    }
}
