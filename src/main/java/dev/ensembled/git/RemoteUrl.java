package dev.ensembled.git;

import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jgit.transport.URIish;

/**
 * The address of the repository. Its string form is fit to be shown: a user name and password in it are left out.
 *
 * <p>Immutable.
 */
public final class RemoteUrl {
    /** What all the large hosts of repositories expect. */
    static final String DEFAULT_USER = "git";

    private static final Set<String> SCHEMES = Set.of("file", "https", "http", "ssh");
    private static final Map<String, Integer> DEFAULT_PORTS = Map.of("https", 443, "http", 80, "ssh", 22);
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/?#\\s]*@");
    private static final Pattern LIKE_SCP = Pattern.compile("([\\w.-]+@)?([\\w.-]+):(?!//)(.+)");

    private final URIish uri;

    private RemoteUrl(URIish uri) {
        this.uri = uri;
    }

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException if it is none, or of a scheme that is not supported; says what to write instead
     */
    public static RemoteUrl of(String text) {
        String shown = redact(text);
        var likeScp = LIKE_SCP.matcher(text);
        if (likeScp.matches()) {
            String user = Optional.ofNullable(likeScp.group(1)).orElse("git@");
            throw new IllegalArgumentException("the Git URL \"" + shown + "\" names no scheme: write it as \"ssh://"
                    + user + likeScp.group(2) + "/" + likeScp.group(3) + "\"");
        }
        try {
            URIish uri = new URIish(text);
            String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
            if (!SCHEMES.contains(scheme)) {
                throw new IllegalArgumentException(
                        "the Git URL \"" + shown
                                + "\" has to start with file:, https:, http: or ssh:, as in \"https://host/team/repository.git\"");
            }
            if (!scheme.equals("file")
                    && (uri.getHost() == null || uri.getHost().isEmpty())) {
                throw new IllegalArgumentException("the Git URL \"" + shown + "\" names no host");
            }
            return new RemoteUrl(uri);
        } catch (URISyntaxException e) {
            // its message, and so the cause, would repeat a password
            throw new IllegalArgumentException("\"" + shown + "\" is no URL of a Git repository");
        }
    }

    /** Any text, with the user information of all URLs in it left out. */
    static String redact(String text) {
        return USER_INFO.matcher(text).replaceAll("");
    }

    boolean isSsh() {
        return "ssh".equalsIgnoreCase(uri.getScheme());
    }

    boolean isFile() {
        return "file".equalsIgnoreCase(uri.getScheme());
    }

    boolean isPlainHttp() {
        return "http".equalsIgnoreCase(uri.getScheme());
    }

    Optional<String> user() {
        return Optional.ofNullable(uri.getUser());
    }

    Optional<String> password() {
        return Optional.ofNullable(uri.getPass());
    }

    String host() {
        return Optional.ofNullable(uri.getHost()).orElse("");
    }

    /** Whether the other address leads to the same server, so that it may see the same credentials. */
    boolean sameServer(URIish other) {
        return host().equalsIgnoreCase(Optional.ofNullable(other.getHost()).orElse(""))
                && uri.getPort() == other.getPort()
                && String.valueOf(uri.getScheme()).equalsIgnoreCase(other.getScheme());
    }

    /**
     * Which repository this is, in a form that is fit to be kept: without anything that may be a credential, and the same
     * however the address is written.
     */
    String identity() {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        String path = Optional.ofNullable(uri.getRawPath())
                .orElse("")
                .replaceFirst("[?#].*$", "")
                .replaceFirst(isFile() ? "^$" : "^.*@", "")
                .replaceAll("/+", "/")
                .replaceFirst("^/", "")
                .replaceFirst("/$", "")
                .replaceFirst("\\.git$", "");
        boolean usual = uri.getPort() < 0 || uri.getPort() == DEFAULT_PORTS.getOrDefault(scheme, -1);
        return scheme + "://" + host().toLowerCase(Locale.ROOT) + (usual ? "" : ":" + uri.getPort()) + "/" + path;
    }

    /** For the transport: without a password, and over HTTP without a user, since those are asked for where needed. */
    URIish forTransport() {
        return isSsh()
                ? uri.setPass(null).setUser(user().orElse(DEFAULT_USER))
                : uri.setPass(null).setUser(null);
    }

    @Override
    public String toString() {
        return redact(uri.toPrivateString());
    }
}
