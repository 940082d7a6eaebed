package dev.ensembled.git.failure;

import dev.ensembled.git.failure.Diagnosis.Finding;
import dev.ensembled.git.settings.Credentials;
import dev.ensembled.git.settings.DisplayText;
import dev.ensembled.git.settings.GitSettings;
import java.net.ProtocolException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Explains the HTTP responses and errors with which a fetch fails. */
final class HttpDiagnosis {
    private static final int OK = 200;
    private static final int MOVED = 300;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int PROXY = 407;
    private static final int TOO_MANY = 429;
    private static final int SERVER_FAULT = 500;

    private final GitSettings settings;
    private final Credentials credentials;
    private final HttpResponseInfo answer;

    HttpDiagnosis(GitSettings settings, Credentials credentials, HttpResponseInfo answer) {
        this.settings = settings;
        this.credentials = credentials;
        this.answer = answer;
    }

    Optional<Finding> redirected(Throwable failure) {
        return Diagnosis.cause(failure, RedirectedException.class).flatMap(this::redirected);
    }

    private Optional<Finding> redirected(RedirectedException redirect) {
        String what = settings.url() + " redirects to ";
        return redirect.isPlain() && !settings.url().isPlainHttp()
                ? Finding.of(
                        what + "plain HTTP at " + redirect.origin() + "; the redirect is not followed",
                        "Correct the Git server or its proxy: the redirect must use https.")
                : Finding.of(
                        what + "another server, " + redirect.origin()
                                + "; the redirect is not followed, and no credentials are sent to it",
                        "If the repository has moved, configure its new URL.");
    }

    Optional<Finding> of(Throwable failure) {
        if (answer.status() == 0
                || Diagnosis.cause(failure, ProtocolException.class).isPresent()) {
            return settings.url().isPlainHttp() ? noHttp(failure) : closed(failure);
        }
        return answer.status() < MOVED ? noGit(failure) : refused(settings.url().toString());
    }

    private Optional<Finding> refused(String url) {
        return switch (answer.status()) {
            case BAD_REQUEST ->
                Finding.of(
                        url + " responded with HTTP status 400 (Bad Request)",
                        "Check scheme and port in the URL: an HTTPS port responds with this status to plain HTTP.");
            case UNAUTHORIZED -> unauthorized();
            case FORBIDDEN ->
                Finding.of(
                        "Access to " + url + " denied (HTTP status 403)",
                        "Grant the user or token read permission on the repository.");
            case NOT_FOUND ->
                Finding.of(
                        "Repository " + url + " not found (HTTP status 404)",
                        "Check the URL. Servers also respond with this status if the user has no read permission on the repository.");
            case PROXY -> proxy(url);
            case TOO_MANY ->
                Finding.of(
                        url + " responded with HTTP status 429 (Too Many Requests)",
                        "Increase the fetch interval (ENSEMBLED_GIT_INTERVAL, or interval in the file of ENSEMBLED_SOURCES).");
            default -> status();
        };
    }

    private Optional<Finding> proxy(String url) {
        return exists(settings.files().http().proxyPassword())
                ? Finding.of(
                        "The proxy for " + url + " rejected the credentials (HTTP status 407)",
                        "Check proxy-username and proxy-password. Only basic authentication is supported; the Java property"
                                + " jdk.http.auth.tunneling.disabledSchemes must not contain it.")
                : Finding.of(
                        "The proxy for " + url + " requires authentication (HTTP status 407)",
                        "Mount the files proxy-username and proxy-password, or allow this machine at the proxy without"
                                + " authentication.");
    }

    /** A server that expects TLS closes the connection, or answers with a TLS alert. */
    private Optional<Finding> noHttp(Throwable failure) {
        String said = Diagnosis.messages(failure).toLowerCase(Locale.ROOT);
        boolean odd = said.contains("header parser received no bytes")
                || said.contains("invalid status line")
                || said.contains("unexpected content-length")
                || said.contains("connection reset")
                || said.contains("eof reached");
        return odd
                ? Finding.of(
                        settings.url().server() + " did not respond with plain HTTP; the port may require TLS",
                        "Check the port in the URL, and whether the scheme must be https.")
                : Optional.empty();
    }

    /** Some servers end a TLS connection without an alert when they do not accept the certificate of the client. */
    private Optional<Finding> closed(Throwable failure) {
        if (!Diagnosis.messages(failure).contains("header parser received no bytes")) {
            return Optional.empty();
        }
        String what = settings.url().server() + " closed the TLS connection without a response; ";
        return exists(settings.files().http().clientCertificate())
                ? Finding.of(
                        what + "it may have rejected the client certificate",
                        "Check that tls.crt has not expired, and that the server trusts its authority.")
                : Finding.of(
                        what + "it may require a client certificate",
                        "Check the Git server and its proxy. If it requires a client certificate, mount tls.crt and tls.key.");
    }

    private static boolean exists(Optional<Path> file) {
        return file.filter(Files::exists).isPresent();
    }

    private Optional<Finding> unauthorized() {
        String url = settings.url().toString();
        if (!answer.basic()) {
            return Finding.of(
                    url + " requires an unsupported authentication method (HTTP status 401)",
                    "Enable basic authentication with a token on the server, or use an ssh URL.");
        }
        return credentials.complete()
                ? Finding.of(
                        url + " rejected the credentials (HTTP status 401)",
                        "Check the user name, and that the password or token is correct and has not expired.")
                : Finding.of(
                        url + " requires credentials (HTTP status 401), but no password or token is available"
                                + settings.files()
                                        .password()
                                        .map(HttpDiagnosis::isAbsent)
                                        .orElse(""),
                        "Mount files with a user name and a password or token. They are read again at each fetch.");
    }

    private static String isAbsent(Path file) {
        return ": " + file + " does not exist";
    }

    private Optional<Finding> status() {
        return answer.status() >= SERVER_FAULT
                ? Finding.of(
                        settings.url() + " responded with HTTP status " + answer.status(),
                        "Check the Git server and its proxy.")
                : redirectedWithin();
    }

    private Optional<Finding> redirectedWithin() {
        return answer.status() < BAD_REQUEST
                ? Finding.of(
                        settings.url() + " redirects to a page that is not a Git repository (HTTP status "
                                + answer.status() + "), possibly a login page",
                        "Check the URL, and configure credentials if the repository is not public.")
                : Finding.of(
                        settings.url() + " responded with HTTP status " + answer.status(), "Check the Git server.");
    }

    /** A successful response that is not from a Git server, such as a login page or a welcome page. */
    private Optional<Finding> noGit(Throwable failure) {
        boolean broken =
                Diagnosis.cause(failure, java.net.SocketException.class).isPresent();
        return answer.status() == OK && !answer.isOfGit() && !broken
                ? Finding.of(
                        settings.url() + " did not respond as a Git server"
                                + (answer.type().isEmpty()
                                        ? ""
                                        : " (content type " + DisplayText.oneLine(answer.type()) + ")")
                                + "; the response may be a login page",
                        "Check that the URL is the clone URL, and configure credentials if the repository is not"
                                + " public.")
                : Optional.empty();
    }
}
