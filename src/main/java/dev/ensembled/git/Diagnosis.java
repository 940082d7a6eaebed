package dev.ensembled.git;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;

/** Turns what went wrong in a fetch into what a person understands and may do. Pure. */
final class Diagnosis {
    private static final int LONGEST = 300;
    private static final int MOVED = 300;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private final GitSettings settings;
    private final Credentials credentials;
    private final int httpStatus;

    /**
     * For one fetch.
     *
     * @param httpStatus the last one that the server answered; 0 if it answered none
     */
    Diagnosis(GitSettings settings, Credentials credentials, int httpStatus) {
        this.settings = settings;
        this.credentials = credentials;
        this.httpStatus = httpStatus;
    }

    SourceFailedException of(Throwable failure) {
        return Stream.of(tooMuch(failure), format(failure), unreachable(failure), overSsh(failure), overHttp())
                .flatMap(Optional::stream)
                .findFirst()
                .map(said -> new SourceFailedException(said.what(), said.toDo(), failure))
                .orElseGet(() -> other(failure));
    }

    private record Said(String what, String toDo) {}

    private Optional<Said> tooMuch(Throwable failure) {
        return cause(failure, TooMuchException.class)
                .map(Throwable::getMessage)
                .or(() -> cause(failure, LargeObjectException.class)
                        .map(e -> "it has a directory or a commit message that is too large"))
                .flatMap(what -> said(
                        "The newest commit of " + settings.url() + " is not taken: " + what,
                        "Have the server allow filters, so that only what is read is transferred (for Git:"
                                + " \"git config uploadpack.allowFilter true\" in the repository), or keep large"
                                + " files out of this repository. The last good commit stays in force."));
    }

    private Optional<Said> format(Throwable failure) {
        return UnreadableFormat.ofServer(failure)
                .map(what -> UnreadableFormat.of(settings, what))
                .flatMap(said -> said(said.getMessage(), said.toDo()));
    }

    private Optional<Said> unreachable(Throwable failure) {
        String host = settings.url().host();
        if (cause(failure, UnknownHostException.class).isPresent()) {
            return said(
                    "The host " + host + " cannot be resolved", "Check the URL, and the name service of this machine.");
        }
        if (cause(failure, ConnectException.class).isPresent()) {
            return said(host + " refuses connections", "Check the URL and whether the Git server is up and reachable.");
        }
        return cause(failure, SSLException.class)
                .flatMap(
                        e -> said(
                                "There is no trust in the certificate of " + host + ": " + text(e),
                                "Configure the file with the certificate authorities of that server, or renew its certificate."));
    }

    private Optional<Said> overSsh(Throwable failure) {
        int code = cause(failure, SshException.class)
                .map(SshException::getDisconnectCode)
                .orElse(0);
        if (code == SshConstants.SSH2_DISCONNECT_HOST_KEY_NOT_VERIFIABLE) {
            return said(
                    "The server at " + settings.url().host() + " is unknown: its key is not in "
                            + settings.files().knownHosts().orElseThrow(),
                    "Compare its key with what its operator publishes, then add it with \"ssh-keyscan\".");
        }
        if (code == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE) {
            return said(
                    settings.url() + " does not accept the private key in "
                            + settings.files().privateKey().orElseThrow(),
                    "Register its public key with the repository; a passphrase belongs into the password file.");
        }
        return settings.url().isSsh() && credentials.missed()
                ? said(
                        "The private key in " + settings.files().privateKey().orElseThrow() + " needs a passphrase",
                        "Put the passphrase into the password file, or use a key without one.")
                : Optional.empty();
    }

    private Optional<Said> overHttp() {
        if (httpStatus == UNAUTHORIZED) {
            return settings.files().password().isPresent()
                            || settings.url().password().isPresent()
                    ? said(
                            settings.url() + " refuses the credentials",
                            "Check the user name and the token, and whether it expired.")
                    : said(
                            settings.url() + " asks for credentials",
                            "Configure files with a user name and a password or token.");
        }
        if (httpStatus == FORBIDDEN) {
            return said(
                    settings.url() + " does not permit to read (403)", "Give the user or token the right to read it.");
        }
        if (httpStatus == NOT_FOUND) {
            return said(
                    "There is no repository at " + settings.url() + " (404)",
                    "Check the URL; servers also say so to those who may not read the repository.");
        }
        return httpStatus >= MOVED
                ? said(settings.url() + " answers with HTTP status " + httpStatus, "Look at the Git server.")
                : Optional.empty();
    }

    private SourceFailedException other(Throwable failure) {
        if (cause(failure, NoRemoteRepositoryException.class).isPresent()) {
            return new SourceFailedException(
                    "There is no repository at " + settings.url() + ", or none that may be read: " + text(failure),
                    "Check the URL and the rights of the user.",
                    failure);
        }
        return new SourceFailedException(
                "Fetching " + settings.url() + " failed: " + text(failure),
                "Check that this is a Git repository, that its server is well, and the disk below "
                        + settings.cacheDirectory() + ".",
                failure);
    }

    private String text(Throwable failure) {
        StringBuilder all = new StringBuilder();
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 5; depth++) {
            String own = Optional.ofNullable(cause.getMessage())
                    .orElse(cause.getClass().getSimpleName());
            if (all.indexOf(own) < 0) {
                all.append(all.isEmpty() ? "" : ": ").append(own);
            }
            cause = cause.getCause();
        }
        return oneLine(credentials.redact(all.toString()));
    }

    private static Optional<Said> said(String what, String toDo) {
        return Optional.of(new Said(what, toDo));
    }

    private static <T extends Throwable> Optional<T> cause(Throwable failure, Class<T> type) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    /** Text from outside, fit for a log and a page: one line, of bounded length, without control characters. */
    static String oneLine(String text) {
        String clean =
                text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]+", " ").strip();
        return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST) + "…";
    }
}
