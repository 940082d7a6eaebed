package dev.ensembled.git;

import java.net.Proxy;
import java.net.URL;
import java.net.http.HttpClient;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;

/**
 * Opens the HTTP connections of one fetch. All of them end at its deadline, and by interrupting its thread: JGit's own
 * connections only bound the time between two bytes, so that a server which sends one byte per second would hold a fetch
 * for ever.
 */
final class HttpConnections implements HttpConnectionFactory {
    private final HttpClient client;
    private final Deadline deadline;
    private volatile int lastStatus;

    HttpConnections(HttpClient client, Deadline deadline) {
        this.client = client;
        this.deadline = deadline;
    }

    /** What the server answered last; 0 when it never did. */
    int lastStatus() {
        return lastStatus;
    }

    void answered(int status) {
        lastStatus = status;
    }

    @Override
    public HttpConnection create(URL url) {
        return new BoundedHttpConnection(client, url, deadline, this::answered);
    }

    /** The client finds the same proxy by itself. */
    @Override
    public HttpConnection create(URL url, Proxy proxy) {
        return create(url);
    }
}
