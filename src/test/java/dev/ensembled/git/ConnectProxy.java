package dev.ensembled.git;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A proxy that tunnels HTTPS for clients with a user name and a password. While it is open, it is the proxy of this process for
 * all addresses.
 */
final class ConnectProxy extends ProxySelector implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ProxySelector before = ProxySelector.getDefault();
    private final AtomicInteger tunnels = new AtomicInteger();
    private volatile String expected;

    private ConnectProxy() throws IOException {
        ProxySelector.setDefault(this);
        start(this::accept);
    }

    static ConnectProxy requiring(String user, String password) throws IOException {
        ConnectProxy proxy = new ConnectProxy();
        proxy.require(user, password);
        return proxy;
    }

    /** Requires these credentials from now on. */
    void require(String user, String password) {
        String pair = user + ":" + password;
        expected = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    /** The number of connections that it tunneled. */
    int tunnels() {
        return tunnels.get();
    }

    @Override
    public List<Proxy> select(URI uri) {
        return List.of(
                new Proxy(Proxy.Type.HTTP, new InetSocketAddress(server.getInetAddress(), server.getLocalPort())));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {}

    private void accept() {
        try {
            while (!server.isClosed()) {
                Socket client = server.accept();
                start(() -> handle(client));
            }
        } catch (IOException e) {
            // The proxy was closed.
        }
    }

    private void handle(Socket client) {
        try (client) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            String request = in.readLine();
            String authorization = "";
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                if (line.startsWith("Proxy-Authorization: ")) {
                    authorization = line.substring("Proxy-Authorization: ".length());
                }
            }
            if (!authorization.equals(expected)) {
                say(
                        client,
                        "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\n"
                                + "Content-Length: 0");
                return;
            }
            tunnel(client, request.split("[ :]", -1));
        } catch (IOException e) {
            // The client or the server ended the connection.
        }
    }

    private void tunnel(Socket client, String[] connect) throws IOException {
        try (Socket target = new Socket(connect[1], Integer.parseInt(connect[2]))) {
            tunnels.incrementAndGet();
            say(client, "200 Connection established");
            start(() -> copy(target, client));
            copy(client, target);
        }
    }

    private static void say(Socket client, String answer) throws IOException {
        client.getOutputStream().write(("HTTP/1.1 " + answer + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().flush();
    }

    private static void copy(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
            to.shutdownOutput();
        } catch (IOException e) {
            // The other direction has ended.
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "connect-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        ProxySelector.setDefault(before);
        server.close();
    }
}
