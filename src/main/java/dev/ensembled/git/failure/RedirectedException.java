package dev.ensembled.git.failure;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;

/** The server redirects the fetch to another server; the redirect is not followed. */
public final class RedirectedException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient URI target;

    public RedirectedException(URI target) {
        super("redirected to another server");
        this.target = target;
    }

    /** The target of a redirect; a URI without a host if the location cannot be parsed. */
    public static URI target(URL from, String location) {
        try {
            return from.toURI().resolve(new URI(location.strip()));
        } catch (URISyntaxException | IllegalArgumentException e) {
            return URI.create("unknown:///");
        }
    }

    /** The other server, without path and query, since these may contain a token. */
    String origin() {
        String port = target.getPort() < 0 ? "" : ":" + target.getPort();
        return target.getHost() == null ? "an unknown host" : target.getScheme() + "://" + target.getHost() + port;
    }

    boolean isPlain() {
        return "http".equalsIgnoreCase(target.getScheme());
    }
}
