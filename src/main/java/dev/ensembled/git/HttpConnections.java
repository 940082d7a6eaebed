package dev.ensembled.git;

import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.URL;
import java.net.http.HttpClient;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;

/**
 * Opens the HTTP connections of one fetch. All of them end at its deadline, and when it is given up: JGit's own
 * connections only bound the time between two bytes, so that a server which sends one byte per second would hold a fetch
 * for ever.
 */
final class HttpConnections implements HttpConnectionFactory {
    private static final Pattern OBJECT_FORMAT = Pattern.compile("object-format=(\\w+)");

    /** Lists of branches, which are kept in memory. */
    static final long LISTS = 16L * 1024 * 1024;

    private final HttpClient client;
    private final Deadline deadline;
    private final RemoteUrl configured;
    private volatile HttpAnswer lastAnswer = HttpAnswer.NONE;
    private volatile IOException failure;
    private volatile InputStream lastBody;
    private volatile String advertisement = "";
    private volatile long allowance = LISTS;
    private volatile boolean ended;

    HttpConnections(HttpClient client, Deadline deadline, RemoteUrl configured) {
        this.client = client;
        this.deadline = deadline;
        this.configured = configured;
    }

    /** The server that is configured, and the only one that is asked. */
    RemoteUrl configured() {
        return configured;
    }

    /** What was answered last. */
    HttpAnswer lastAnswer() {
        return lastAnswer;
    }

    /** Why there was no answer, or none that may be used; empty if each request got one. */
    Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    void failed(IOException cause) {
        failure = cause;
    }

    /** The first failure ends the fetch: JGit would ask again in other ways, and report the last answer in its place. */
    void requireNoFailure() throws IOException {
        IOException first = failure;
        if (first != null) {
            throw new IOException("an earlier request of this fetch failed", first);
        }
    }

    /**
     * How the server names its objects, if it says so when it is asked what it can do. JGit does not look at that, and takes
     * what follows for a broken connection.
     */
    Optional<String> objectFormat() {
        Matcher format = OBJECT_FORMAT.matcher(advertisement);
        return format.find() ? Optional.of(format.group(1)) : Optional.empty();
    }

    /** From now on answers may have so many bytes. */
    void allow(long bytes) {
        allowance = bytes;
    }

    long allowance() {
        return allowance;
    }

    /** Called with the beginning of an answer. */
    void began(String answer) {
        if (advertisement.isEmpty()) {
            advertisement = answer;
        }
    }

    /** Called for each answer, with its body, which may still be on its way. */
    void answered(HttpAnswer answer, InputStream body) throws IOException {
        lastAnswer = answer;
        lastBody = body;
        if (ended) {
            end();
        }
    }

    /** Ends waiting for a body, which interrupting its reader does not; may be called by any thread. */
    void end() throws IOException {
        ended = true;
        InputStream body = lastBody;
        if (body != null) {
            body.close();
        }
    }

    @Override
    public HttpConnection create(URL url) {
        return new BoundedHttpConnection(client, url, deadline, this);
    }

    /** The client finds the same proxy by itself. */
    @Override
    public HttpConnection create(URL url, Proxy proxy) {
        return create(url);
    }
}
