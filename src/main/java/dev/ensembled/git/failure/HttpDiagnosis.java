package dev.ensembled.git.failure;

import dev.ensembled.git.failure.Diagnosis.Said;
import dev.ensembled.git.settings.Credentials;
import dev.ensembled.git.settings.DisplayText;
import dev.ensembled.git.settings.GitSettings;
import java.net.ProtocolException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Explains the HTTP responses and errors with which a fetch fails. Pure. */
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
    private final HttpAnswer answer;

    HttpDiagnosis(GitSettings settings, Credentials credentials, HttpAnswer answer) {
        this.settings = settings;
        this.credentials = credentials;
        this.answer = answer;
    }

    Optional<Said> redirected(Throwable failure) {
        return Diagnosis.cause(failure, RedirectedException.class).flatMap(this::redirected);
    }

    private Optional<Said> redirected(RedirectedException redirect) {
        String what = settings.url() + " redirects to " + redirect.origin();
        return redirect.isPlain() && !settings.url().isPlainHttp()
                ? Said.of(
                        what + ", which is plain http: that is not followed",
                        "Correct the Git server, or the proxy before it: it has to redirect to https.")
                : Said.of(
                        what + ", which is another server: that is not followed, and it gets no credentials",
                        "If the repository has moved there, configure its new URL.");
    }

    Optional<Said> of(Throwable failure) {
        if (answer.status() == 0
                || Diagnosis.cause(failure, ProtocolException.class).isPresent()) {
            return settings.url().isPlainHttp() ? noHttp(failure) : Optional.empty();
        }
        return answer.status() < MOVED ? noGit(failure) : refused(settings.url().toString());
    }

    private Optional<Said> refused(String url) {
        return switch (answer.status()) {
            case BAD_REQUEST ->
                Said.of(
                        url + " answers with HTTP status 400, bad request",
                        "Check scheme and port in the URL: a server answers so to plain http at its port for https.");
            case UNAUTHORIZED -> unauthorized();
            case FORBIDDEN ->
                Said.of(
                        url + " does not permit to read (403)",
                        "Give the user or token the right to read the repository.");
            case NOT_FOUND ->
                Said.of(
                        "There is no repository at " + url + " (404)",
                        "Check the URL; servers also say so to those who may not read the repository.");
            case PROXY ->
                Said.of(
                        "The proxy before " + url + " asks for credentials (407)",
                        "Let the proxy pass this machine without them; ensembled has none for proxies.");
            case TOO_MANY ->
                Said.of(
                        url + " answers with HTTP status 429, too many requests",
                        "Look less often: raise the interval.");
            default -> status();
        };
    }

    /** A server that expects TLS closes the connection, or answers with a TLS alert. */
    private Optional<Said> noHttp(Throwable failure) {
        String said = Diagnosis.messages(failure).toLowerCase(Locale.ROOT);
        boolean odd = said.contains("header parser received no bytes")
                || said.contains("invalid status line")
                || said.contains("unexpected content-length")
                || said.contains("connection reset")
                || said.contains("eof reached");
        return odd
                ? Said.of(
                        settings.url().server() + " does not answer in plain http: perhaps it speaks TLS",
                        "Check the port in the URL, and whether it has to be https.")
                : Optional.empty();
    }

    private Optional<Said> unauthorized() {
        String url = settings.url().toString();
        if (!answer.basic()) {
            return Said.of(
                    url + " asks for a kind of authentication that is not supported (401)",
                    "Have the server allow basic authentication with a token, or use ssh.");
        }
        return credentials.complete()
                ? Said.of(
                        url + " refuses the credentials (401)",
                        "Check the user name and the token, and whether it expired.")
                : Said.of(
                        url + " asks for credentials (401), and there is no password or token"
                                + settings.files()
                                        .password()
                                        .map(HttpDiagnosis::isAbsent)
                                        .orElse(""),
                        "Mount files with a user name and a password or token; they are used as soon as they appear.");
    }

    private static String isAbsent(Path file) {
        return ": " + file + " is not there";
    }

    private Optional<Said> status() {
        return answer.status() >= SERVER_FAULT
                ? Said.of(
                        settings.url() + " answers with HTTP status " + answer.status(),
                        "The Git server, or a proxy before it, is at fault: look there.")
                : redirectedWithin();
    }

    private Optional<Said> redirectedWithin() {
        return answer.status() < BAD_REQUEST
                ? Said.of(
                        settings.url() + " redirects to a page that is no repository (HTTP status " + answer.status()
                                + "), perhaps one to log in",
                        "Check the URL, and mount credentials if the repository is not public.")
                : Said.of(settings.url() + " answers with HTTP status " + answer.status(), "Look at the Git server.");
    }

    /** A successful response that is not from a Git server, such as a login page or a welcome page. */
    private Optional<Said> noGit(Throwable failure) {
        boolean broken =
                Diagnosis.cause(failure, java.net.SocketException.class).isPresent();
        return answer.status() == OK && !answer.isOfGit() && !broken
                ? Said.of(
                        settings.url() + " answers with what no Git server sends"
                                + (answer.type().isEmpty() ? "" : " (" + DisplayText.oneLine(answer.type()) + ")")
                                + ", perhaps a page to log in",
                        "Check that the URL is the one to clone from, and mount credentials if the repository is not"
                                + " public.")
                : Optional.empty();
    }
}
