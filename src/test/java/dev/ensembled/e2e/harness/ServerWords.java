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

/** Asks a ZooKeeper server by its four-letter words. */
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
            return Optional.empty(); // no answer is what the caller wants to know
        }
    }

    /** The epoch in which a server leads that answered {@code srvr}; empty if it does not lead. */
    static Optional<Long> leadingEpoch(String srvr) {
        return srvr.contains("\nMode: leader\n")
                ? EPOCH.matcher(srvr)
                        .results()
                        .findFirst()
                        .map(match -> Long.parseUnsignedLong(match.group(1), 16) >>> 32)
                : Optional.empty();
    }

    /** The version of ZooKeeper that it is; empty if it does not say. */
    static Optional<String> version(String address) {
        return ask(address, "srvr")
                .flatMap(answer -> VERSION.matcher(answer).results().findFirst())
                .map(match -> match.group(1));
    }

    /**
     * What it does in the quorum, such as "following - broadcast", without the mode of its last synchronisation; empty if it
     * does not say.
     */
    public static Optional<String> peerState(String address) {
        return ask(address, "mntr")
                .map(answer -> values(answer, "\t").get("zk_peer_state"))
                .map(state -> SYNC_MODE.matcher(state).replaceFirst(""));
    }

    /** One line of its configuration, by the key that {@code conf} prints. */
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
