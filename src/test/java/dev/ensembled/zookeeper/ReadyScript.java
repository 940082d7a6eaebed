package dev.ensembled.zookeeper;

import dev.ensembled.reconciler.desired.MembershipText;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The script of the readiness probe in a real bash, with another port than a pod's. */
final class ReadyScript {
    private ReadyScript() {}

    /** The script's result for a server with this answer. */
    static boolean saysReady(String mntr) throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> answer(socket, mntr));
            boolean ready = saysReady(socket.getLocalPort());
            answered.get(60, TimeUnit.SECONDS);
            return ready;
        }
    }

    private static void answer(ServerSocket socket, String mntr) {
        try (Socket peer = socket.accept()) {
            peer.getInputStream().readNBytes(4);
            peer.getOutputStream().write(mntr.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The script's result for the server at this port of loopback. */
    static boolean saysReady(int port) throws IOException, InterruptedException {
        Process bash =
                new ProcessBuilder("bash", "-s").redirectErrorStream(true).start();
        try (var in = bash.getOutputStream()) {
            in.write(script().replace("/127.0.0.1/2181", "/127.0.0.1/" + port).getBytes(StandardCharsets.UTF_8));
        }
        if (!bash.waitFor(60, TimeUnit.SECONDS)) {
            bash.destroyForcibly();
            throw new IllegalStateException("ready.sh does not end");
        }
        return bash.exitValue() == 0;
    }

    private static String script() throws IOException {
        try (InputStream script = MembershipText.class.getResourceAsStream("ready.sh")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
