package dev.ensembled.git.failure;

import dev.ensembled.git.settings.Credentials;
import dev.ensembled.git.settings.DisplayText;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.SourceFailedException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;

/** Turns the failure of a fetch into a description and a remedy. Pure. */
public final class Diagnosis {
    private final GitSettings settings;
    private final SshDiagnosis overSsh;
    private final TlsDiagnosis overTls;
    private final HttpDiagnosis overHttp;

    /** Creates a diagnosis of one fetch; {@code answer} is the last HTTP response. */
    public Diagnosis(GitSettings settings, Credentials credentials, HttpResponseInfo answer) {
        this.settings = settings;
        this.overSsh = new SshDiagnosis(settings);
        this.overTls = new TlsDiagnosis(settings);
        this.overHttp = new HttpDiagnosis(settings, credentials, answer);
    }

    public SourceFailedException of(Throwable failure) {
        Stream<Optional<Finding>> all = settings.url().isSsh()
                ? Stream.of(unreachable(failure), overSsh.of(failure))
                : Stream.of(
                        overHttp.redirected(failure), unreachable(failure), overTls.of(failure), overHttp.of(failure));
        return Stream.concat(Stream.of(tooMuch(failure), format(failure), noCommit(failure)), all)
                .flatMap(Optional::stream)
                .findFirst()
                .map(said -> new SourceFailedException(said.what(), said.toDo(), failure))
                .orElseGet(() -> other(failure));
    }

    /** What happened, and what a person can do about it. */
    record Finding(String what, String toDo) {
        public static Optional<Finding> of(String what, String toDo) {
            return Optional.of(new Finding(what, toDo));
        }
    }

    private Optional<Finding> tooMuch(Throwable failure) {
        return cause(failure, LimitExceededException.class)
                .map(Throwable::getMessage)
                .or(() -> cause(failure, LargeObjectException.class).map(e -> "a tree or commit object is too large"))
                .flatMap(what -> Finding.of(
                        "The newest commit of " + settings.url() + " exceeds a limit: " + what,
                        "Enable filters on the server, so that only the required objects are transferred (for Git:"
                                + " \"git config uploadpack.allowFilter true\" in the repository), or keep large"
                                + " files out of this repository. The last good commit stays in force."));
    }

    private Optional<Finding> noCommit(Throwable failure) {
        return cause(failure, IncorrectObjectTypeException.class)
                .filter(e -> Optional.ofNullable(e.getMessage()).orElse("").contains("is not a commit"))
                .flatMap(e -> Finding.of(
                        "The " + settings.reference().text() + " of " + settings.url() + " is not a commit",
                        "Configure a reference to a commit, or move the tag to one."));
    }

    private Optional<Finding> format(Throwable failure) {
        return UnsupportedFormat.ofServer(failure)
                .map(what -> UnsupportedFormat.of(settings, what))
                .flatMap(said -> Finding.of(said.getMessage(), said.toDo()));
    }

    private Optional<Finding> unreachable(Throwable failure) {
        String host = settings.url().host();
        if (cause(failure, UnknownHostException.class).isPresent()
                || cause(failure, UnresolvedAddressException.class).isPresent()) {
            return Finding.of(
                    "Cannot resolve the host name " + host, "Check the URL and the DNS configuration of this machine.");
        }
        if (cause(failure, NoRouteToHostException.class).isPresent()) {
            return Finding.of(
                    "No route to host " + host,
                    "Check the network, network policies and firewalls, and that the Git server is running.");
        }
        return cause(failure, ConnectException.class)
                .flatMap(e -> Finding.of(
                        settings.url().server() + " refused the connection",
                        "Check host and port in the URL, and that the Git server is running and reachable."));
    }

    private SourceFailedException other(Throwable failure) {
        if (cause(failure, NoRemoteRepositoryException.class).isPresent()) {
            return new SourceFailedException(
                    "Repository " + settings.url() + " not found or not readable: " + text(failure),
                    "Check the URL and the permissions of the user.",
                    failure);
        }
        return new SourceFailedException(
                "Fetch from " + settings.url() + " failed: " + text(failure),
                "Check that the URL is a Git repository, that the Git server is healthy, and the disk of "
                        + settings.cacheDirectory() + ".",
                failure);
    }

    private String text(Throwable failure) {
        String user = settings.url().user().map(name -> name + "@").orElse("");
        return DisplayText.oneLine(messages(failure).replace(user, ""));
    }

    /** The messages of an exception and its causes, without repetition; they may contain secrets. */
    static String messages(Throwable failure) {
        StringBuilder all = new StringBuilder();
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 8; depth++) {
            String own = Optional.ofNullable(cause.getMessage())
                    .orElse(cause.getClass().getSimpleName());
            if (all.indexOf(own) < 0) {
                all.append(all.isEmpty() ? "" : ": ").append(own);
            }
            cause = cause.getCause();
        }
        return all.toString();
    }

    static <T extends Throwable> Optional<T> cause(Throwable failure, Class<T> type) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }
}
