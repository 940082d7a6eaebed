package dev.ensembled.git.transport;

import dev.ensembled.git.failure.HttpResponseInfo;
import dev.ensembled.git.settings.Deadline;
import dev.ensembled.git.settings.RemoteUrl;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.URL;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;

/**
 * Opens the HTTP connections of one fetch. All of them end at its deadline, and when it is cancelled: JGit's own
 * connections only limit the time between two bytes, so that a server which sends one byte per second would block a fetch
 * forever.
 */
public final class HttpConnections implements HttpConnectionFactory {
    private static final Pattern OBJECT_FORMAT = Pattern.compile("object-format=(\\w+)");

    /** By protocol version 2, servers that are not configured otherwise send any commit. */
    private static final List<String> BY_ID =
            List.of("version 2", "allow-reachable-sha1-in-want", "allow-any-sha1-in-want");

    /** The maximum size of a list of refs, which is kept in memory. */
    static final long LISTS = 16L * 1024 * 1024;

    private final HttpAccess access;
    private final Deadline deadline;
    private final RemoteUrl configured;
    private volatile HttpResponseInfo lastAnswer = HttpResponseInfo.NONE;
    private volatile IOException failure;
    private volatile InputStream lastBody;
    private volatile String advertisement = "";
    private volatile long allowance = LISTS;
    private volatile boolean ended;

    public HttpConnections(HttpAccess access, Deadline deadline, RemoteUrl configured) {
        this.access = access;
        this.deadline = deadline;
        this.configured = configured;
    }

    /** The configured server, which is the only server that gets requests. */
    RemoteUrl configured() {
        return configured;
    }

    /** The last response. */
    public HttpResponseInfo lastAnswer() {
        return lastAnswer;
    }

    /** Why a request got no response that can be used; empty if every request got a usable response. */
    public Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    void failed(IOException cause) {
        failure = cause;
    }

    /** The first failure ends the fetch: JGit would try other requests, and would report the last response instead. */
    void requireNoFailure() throws IOException {
        IOException first = failure;
        if (first != null) {
            throw new IOException("an earlier request of this fetch failed", first);
        }
    }

    /**
     * The object format of the server, if the server advertises it as a capability. JGit ignores this capability and
     * treats what follows as a broken connection.
     */
    public Optional<String> objectFormat() {
        Matcher format = OBJECT_FORMAT.matcher(advertisement);
        return format.find() ? Optional.of(format.group(1)) : Optional.empty();
    }

    /** Whether the server says that it allows to fetch commits by their ids. */
    public boolean commitsById() {
        return BY_ID.stream().anyMatch(advertisement::contains);
    }

    /** Sets the number of bytes that each further response may have. */
    void allow(long bytes) {
        allowance = bytes;
    }

    long allowance() {
        return allowance;
    }

    /** Called with the beginning of a response. */
    void began(String answer) {
        if (advertisement.isEmpty()) {
            advertisement = answer;
        }
    }

    /** Called for each response, with its body, which may not have arrived completely. */
    void answered(HttpResponseInfo answer, InputStream body) throws IOException {
        lastAnswer = answer;
        lastBody = body;
        if (ended) {
            end();
        }
    }

    /** Ends the wait for a body; an interrupt of its reader does not. May be called by any thread. */
    public void end() throws IOException {
        ended = true;
        InputStream body = lastBody;
        if (body != null) {
            body.close();
        }
    }

    @Override
    public HttpConnection create(URL url) {
        return new BoundedHttpConnection(access, url, deadline, this);
    }

    /** The client finds the same proxy by itself. */
    @Override
    public HttpConnection create(URL url, Proxy proxy) {
        return create(url);
    }
}
