package dev.ensembled.daemon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A receiver of notifications, and the files by which the daemon knows it. */
final class NotifiedServer implements AutoCloseable {
    private final List<JsonNode> received = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    NotifiedServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            received.add(new ObjectMapper().readTree(exchange.getRequestBody()));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    /** Writes the file with the receivers, and returns its path. */
    Path receivers(Path directory) throws IOException {
        Path credentials = Files.createDirectory(directory.resolve("receiver"));
        Files.writeString(
                credentials.resolve("url"),
                "http://127.0.0.1:" + server.getAddress().getPort() + "/");
        Files.writeString(credentials.resolve("hmac-key"), "0123456789abcdef");
        return Files.writeString(
                directory.resolve("receivers.yaml"),
                "- {name: test, type: webhook, credentials: \"" + credentials + "\", ensembles: [\"*/production\"]}\n");
    }

    List<JsonNode> received() {
        return received;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
