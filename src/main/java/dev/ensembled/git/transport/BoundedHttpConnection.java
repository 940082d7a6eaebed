package dev.ensembled.git.transport;

import dev.ensembled.git.failure.HttpResponseInfo;
import dev.ensembled.git.failure.RedirectedException;
import dev.ensembled.git.settings.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.eclipse.jgit.transport.http.HttpConnection;

/**
 * One HTTP exchange for JGit over the JDK's client, which can be ended from outside at any time: during the TCP or TLS
 * handshake, and before, during and after the headers. Used by one thread.
 */
final class BoundedHttpConnection implements HttpConnection {
    private final HttpClient client;
    private final URL url;
    private final Deadline deadline;
    private final HttpConnections fetch;
    private final HttpRequest.Builder request = HttpRequest.newBuilder();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private String method = "GET";
    private HttpResponse<InputStream> response;

    BoundedHttpConnection(HttpAccess access, URL url, Deadline deadline, HttpConnections fetch) {
        this.client = access.client();
        access.authorize(request);
        this.url = url;
        this.deadline = deadline;
        this.fetch = fetch;
    }

    @Override
    public void connect() throws IOException {
        if (response == null) {
            fetch.requireNoFailure();
            try {
                response = answered();
            } catch (IOException e) {
                fetch.failed(e);
                throw e;
            }
        }
    }

    private HttpResponse<InputStream> answered() throws IOException {
        requireConfiguredServer(url.toString());
        HttpResponse<InputStream> answer = exchange();
        fetch.answered(HttpResponseInfo.of(answer.statusCode(), answer.headers()), answer.body());
        Optional<String> location = answer.headers().firstValue("Location");
        if (location.isPresent() && answer.statusCode() / 100 == 3) {
            requireConfiguredServer(location.get());
        }
        return answer;
    }

    /** No other server may receive the credentials, and only the configured server may supply specs. */
    private void requireConfiguredServer(String address) throws IOException {
        URI target = RedirectedException.target(url, address);
        if (!fetch.configured().sameOrigin(target)) {
            throw new RedirectedException(target);
        }
    }

    private HttpResponse<InputStream> exchange() throws IOException {
        if (deadline.passed()) {
            throw new SocketTimeoutException("fetch timeout exceeded");
        }
        request.uri(address())
                .timeout(deadline.remaining().plusMillis(1))
                .method(
                        method,
                        body.size() == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body.toByteArray()));
        try {
            return client.send(request.build(), BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        } catch (HttpConnectTimeoutException e) {
            throw (IOException) new SocketTimeoutException("connection timed out").initCause(e);
        } catch (HttpTimeoutException e) {
            throw (IOException) new SocketTimeoutException("response timed out").initCause(e);
        } catch (ConnectException e) {
            throw explained(e);
        }
    }

    private URI address() throws IOException {
        try {
            return url.toURI();
        } catch (URISyntaxException e) {
            throw new IOException("malformed URL", e);
        }
    }

    /** The client reports a host name that does not resolve as a failed connection. */
    private IOException explained(ConnectException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return (IOException) new UnknownHostException(url.getHost()).initCause(e);
            }
        }
        return e;
    }

    private static IOException interrupted(Throwable cause) {
        return (IOException) new InterruptedIOException("fetch cancelled").initCause(cause);
    }

    @Override
    public int getResponseCode() throws IOException {
        connect();
        return response.statusCode();
    }

    @Override
    public URL getURL() {
        return url;
    }

    /** HTTP/2 has no reason phrase, so that no caller can rely on it. */
    @Override
    public String getResponseMessage() {
        return "";
    }

    @Override
    public Map<String, List<String>> getHeaderFields() {
        return response.headers().map();
    }

    @Override
    public List<String> getHeaderFields(String name) {
        return response.headers().allValues(name);
    }

    @Override
    public String getHeaderField(String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    @Override
    public String getContentType() {
        return getHeaderField("Content-Type");
    }

    @Override
    public int getContentLength() {
        return (int) response.headers().firstValueAsLong("Content-Length").orElse(-1);
    }

    @Override
    public InputStream getInputStream() throws IOException {
        connect();
        return new BoundedStream(response.body(), deadline, fetch.allowance(), fetch::began);
    }

    /** Compressed responses are not requested: their length does not limit their content. Packs are compressed anyway. */
    @Override
    public void setRequestProperty(String key, String value) {
        if ("Accept-Encoding".equalsIgnoreCase(key)) {
            return;
        }
        Optional.ofNullable(value).ifPresent(given -> request.setHeader(key, given));
    }

    @Override
    public void setRequestMethod(String method) {
        this.method = method;
    }

    @Override
    public String getRequestMethod() {
        return method;
    }

    /** The request of a fetch has at most a few kilobytes, which are buffered until the response is requested. */
    @Override
    public OutputStream getOutputStream() {
        return body;
    }

    @Override
    public boolean usingProxy() {
        return client.proxy().isPresent();
    }

    @Override
    public void setUseCaches(boolean useCaches) {
        // the client has no caches
    }

    @Override
    public void setConnectTimeout(int timeout) {
        // the deadline of the fetch holds
    }

    @Override
    public void setReadTimeout(int timeout) {
        // the deadline of the fetch holds
    }

    @Override
    public void setInstanceFollowRedirects(boolean follow) {
        // JGit follows redirects itself, and checks them
    }

    @Override
    public void setDoOutput(boolean output) {
        // known from whether a body was written
    }

    @Override
    public void setFixedLengthStreamingMode(int length) {
        // the length of what was written is sent
    }

    @Override
    public void setChunkedStreamingMode(int length) {
        // the length of what was written is sent
    }

    @Override
    public void configure(KeyManager[] keys, TrustManager[] trust, SecureRandom random) {
        throw new UnsupportedOperationException("certificate verification cannot be replaced");
    }

    @Override
    public void setHostnameVerifier(HostnameVerifier verifier) {
        throw new UnsupportedOperationException("host name verification cannot be replaced");
    }
}
