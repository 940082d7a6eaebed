package dev.ensembled.e2e.harness;

import dev.ensembled.git.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Ends TLS in front of a server that does not speak it, as a reverse proxy of a team does. */
public final class TlsTunnel implements AutoCloseable {
    private final ServerSocket listening;
    private final String address;
    private final int target;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /**
     * Listens at another port of the server's address.
     *
     * @param target the port of the server
     */
    public TlsTunnel(TestCertificate certificate, String address, int target) {
        this.address = address;
        this.target = target;
        try {
            listening = certificate
                    .context()
                    .getServerSocketFactory()
                    .createServerSocket(0, 50, InetAddress.getByName(address));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Socket server = new Socket(address, target);
                threads.execute(() -> copy(client, server));
                threads.execute(() -> copy(server, client));
            } catch (IOException e) {
                // The client tries again, or the tunnel is closed
            }
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            // One side has ended the connection, which ends the other side too
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }
}
