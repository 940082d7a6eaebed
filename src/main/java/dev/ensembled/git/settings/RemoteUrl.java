package dev.ensembled.git.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.transport.URIish;

/**
 * The URL of the repository: scheme, host, port and path, and for SSH a user name. It cannot contain a password, a token, a
 * query or a fragment; a text with any of these is refused, with a message that repeats no part of the text. Therefore its
 * string form may be shown.
 *
 * <p>Immutable.
 */
public final class RemoteUrl {
    /** The user name that all large Git hosting services expect. */
    public static final String DEFAULT_USER = "git";

    private static final String WHERE_TO_PUT_SECRETS =
            "put the user name into the file \"username\" and the password or"
                    + " token into the file \"password\" of the directory with credentials (ENSEMBLED_GIT_CREDENTIALS; on"
                    + " Kubernetes: keys of the Secret ensembled-git), and remove them from the URL";
    private static final Set<String> SCHEMES = Set.of("file", "https", "http", "ssh");
    private static final Pattern FULL = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)(.*)", Pattern.DOTALL);
    private static final Pattern SHORT_FILE = Pattern.compile("file:(/[^/].*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern LIKE_SCP = Pattern.compile("(?:git@)?([\\w.-]+):(?!/)([\\w./~-]+)");
    private static final Pattern AUTHORITY =
            Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::([1-9][0-9]{0,4}))?");
    private static final Pattern SSH_USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");
    private static final Pattern NO_URL = Pattern.compile("[\\s\\p{Cntrl}\\\\\"<>^`{|}]");
    private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final int LARGEST_PORT = 65_535;

    private final String scheme;
    private final Optional<String> user;
    private final String host;
    private final int port;
    private final String path;

    private RemoteUrl(String scheme, Optional<String> user, String host, int port, String path) {
        this.scheme = scheme;
        this.user = user;
        this.host = host;
        this.port = port;
        this.path = path;
    }

    /**
     * Parses a URL.
     *
     * @throws IllegalArgumentException if the text is not a URL, has a scheme that is not supported, or contains what may be
     *     a secret; the message says what to write instead
     */
    public static RemoteUrl of(String given) {
        String text = given.strip();
        Matcher shortFile = SHORT_FILE.matcher(text);
        if (shortFile.matches()) {
            return file(shortFile.group(1));
        }
        Matcher full = FULL.matcher(text);
        if (!full.matches()) {
            throw likeScp(text);
        }
        String scheme = full.group(1).toLowerCase(Locale.ROOT);
        require(SCHEMES.contains(scheme), "must start with file:, https:, http: or ssh:, " + EXAMPLE);
        return scheme.equals("file")
                ? file(full.group(2) + full.group(3))
                : network(scheme, full.group(2), full.group(3));
    }

    private static final String EXAMPLE = "for example \"https://host/team/repository.git\"";

    private static IllegalArgumentException likeScp(String text) {
        Matcher likeScp = LIKE_SCP.matcher(text);
        return likeScp.matches()
                ? refused("has no scheme: write \"ssh://git@" + likeScp.group(1) + "/" + likeScp.group(2) + "\"")
                : refused("must start with file:, https:, http: or ssh:, " + EXAMPLE
                        + "; instead of the scp-like form, write \"ssh://git@HOST/PATH\"");
    }

    private static RemoteUrl file(String path) {
        require(
                path.startsWith("/"),
                "has a host in a file: URL: use three slashes, for example \"file:///srv/config.git\"");
        require(
                path.indexOf('?') < 0 && path.indexOf('#') < 0,
                "has a query or a fragment: remove it; in the name of a directory, write"
                        + " %3F for a question mark and %23 for a number sign");
        require(path.chars().noneMatch(Character::isISOControl), "contains a control character");
        return new RemoteUrl("file", Optional.empty(), "", -1, path);
    }

    private static RemoteUrl network(String scheme, String authority, String rest) {
        int at = authority.lastIndexOf('@');
        Optional<String> user = at < 0 ? Optional.empty() : Optional.of(authority.substring(0, at));
        requireNoSecret(scheme, user);
        requirePath(rest);
        require(
                !NO_URL.matcher(authority + rest).find()
                        && !BAD_ESCAPE.matcher(rest).find(),
                "contains white space, a backslash or another character that is not valid in a URL");
        Matcher server = AUTHORITY.matcher(authority.substring(at + 1));
        require(server.matches(), "has no host or an invalid port; expected a URL, " + EXAMPLE);
        int port = Optional.ofNullable(server.group(2)).map(Integer::parseInt).orElse(-1);
        require(port <= LARGEST_PORT, "has an invalid port");
        return new RemoteUrl(scheme, user, server.group(1), port, rest);
    }

    private static void requireNoSecret(String scheme, Optional<String> user) {
        require(
                scheme.equals("ssh") || user.isEmpty(),
                "has a user name, password or token before the host: " + WHERE_TO_PUT_SECRETS);
        require(
                user.stream().allMatch(name -> SSH_USER.matcher(name).matches()),
                "has more than a user name before the host: an ssh: URL has no password; put the private key into the"
                        + " file \"ssh-privatekey\" of the directory with credentials (ENSEMBLED_GIT_CREDENTIALS)");
    }

    private static void requirePath(String rest) {
        require(
                rest.indexOf('@') < 0,
                "has an @ after the host. If the text before it is a user name, a password or a token, "
                        + WHERE_TO_PUT_SECRETS + "; in the path of a repository, write %40");
        require(
                rest.indexOf('?') < 0 && rest.indexOf('#') < 0,
                "has a query or a fragment. If it is a password or a token, " + WHERE_TO_PUT_SECRETS);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw refused(message);
        }
    }

    /** Repeats no part of the URL: if its parts are misplaced, any of them may be the secret. */
    private static IllegalArgumentException refused(String message) {
        return new IllegalArgumentException("the Git URL (ENSEMBLED_GIT_URI, or uri of a source) " + message);
    }

    public boolean isSsh() {
        return scheme.equals("ssh");
    }

    public boolean isFile() {
        return scheme.equals("file");
    }

    public boolean isPlainHttp() {
        return scheme.equals("http");
    }

    public boolean isHttp() {
        return isPlainHttp() || scheme.equals("https");
    }

    /** The user name for SSH; empty if the URL has none, and for other schemes. */
    public Optional<String> user() {
        return user;
    }

    public String host() {
        return host;
    }

    /** The host, with the port if the URL has one. */
    public String server() {
        return port < 0 ? host : host + ":" + port;
    }

    /** Whether the other URL has the same scheme, host and port. Only this server may receive credentials. */
    public boolean sameOrigin(URI other) {
        return scheme.equalsIgnoreCase(String.valueOf(other.getScheme()))
                && host.equalsIgnoreCase(String.valueOf(other.getHost()))
                && effectivePort(scheme, port) == effectivePort(scheme, other.getPort());
    }

    private static int effectivePort(String scheme, int port) {
        if (port >= 0) {
            return port;
        }
        return switch (scheme) {
            case "http" -> 80;
            case "https" -> 443;
            default -> 22;
        };
    }

    /** The identity of the repository, in a form that can be stored: equal for different spellings of the same URL. */
    public String identity() {
        boolean usual = port < 0 || port == effectivePort(scheme, -1);
        return scheme + "://" + host.toLowerCase(Locale.ROOT) + (usual ? "" : ":" + port) + "/" + repositoryPath();
    }

    /** The path without slashes at its ends and without {@code .git}, as forges name a repository. */
    public String repositoryPath() {
        return path.replaceAll("/+", "/")
                .replaceFirst("^/", "")
                .replaceFirst("/$", "")
                .replaceFirst("\\.git$", "");
    }

    /** The URL for JGit's transport; without a user name for HTTP, since the credentials provider supplies it. */
    public URIish forTransport() {
        try {
            URIish uri = new URIish(toString());
            return isSsh() ? uri.setUser(user.orElse(DEFAULT_USER)) : uri;
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the transport does not accept the URL " + this, e);
        }
    }

    @Override
    public String toString() {
        return scheme + "://" + server() + path;
    }
}
