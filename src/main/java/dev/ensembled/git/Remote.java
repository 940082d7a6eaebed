package dev.ensembled.git;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;

/** The branch on the server, as one fetch sees it. Closing it ends its SSH sessions. */
final class Remote implements AutoCloseable {
    private static final RefSpec ALL_BRANCHES = new RefSpec(Constants.R_HEADS + "*:" + Constants.R_HEADS + "*");
    private static final int SHOWN_BRANCHES = 10;

    private final GitSettings settings;
    private final Credentials credentials;
    private final HttpConnections http;
    private final Deadline deadline;
    private final Optional<SshSessions> ssh;

    Remote(GitSettings settings, Credentials credentials, HttpConnections http, Deadline deadline)
            throws SourceFailedException {
        this.settings = settings;
        this.credentials = credentials;
        this.http = http;
        this.deadline = deadline;
        this.ssh = settings.url().isSsh() ? Optional.of(SshSessions.open(settings)) : Optional.empty();
    }

    /** The newest commit of the branch; transfers no objects. */
    ObjectId head(Repository local) throws IOException, SourceFailedException {
        Ref head = refs(local, new RefSpec(settings.ref())).stream()
                .filter(ref -> ref.getName().equals(settings.ref()))
                .findFirst()
                .orElse(null);
        if (head == null || head.getObjectId() == null) {
            throw noBranch(refs(local, ALL_BRANCHES));
        }
        return head.getObjectId();
    }

    /**
     * Transfers the newest commit of the branch, without its history: nothing here looks at history, and a repository of
     * any age then costs as much as its files do. Returns the commit, which may be newer than what {@link #head} said.
     */
    ObjectId fetch(Repository local, ProgressMonitor monitor) throws IOException {
        try (Transport transport = open(local)) {
            transport.setDepth(1);
            RefSpec branch = new RefSpec("+" + settings.ref() + ":" + settings.ref());
            return transport
                    .fetch(monitor, List.of(branch))
                    .getAdvertisedRef(settings.ref())
                    .getObjectId();
        }
    }

    /** Why the server's key was refused; empty if it was not. */
    Optional<SourceFailedException> refusedServer() {
        return ssh.flatMap(sessions -> sessions.hostKeys().refusal());
    }

    private Collection<Ref> refs(Repository local, RefSpec wanted) throws IOException {
        try (Transport transport = open(local);
                FetchConnection connection = transport.openFetch(List.of(wanted))) {
            return List.copyOf(connection.getRefs());
        }
    }

    private Transport open(Repository local) throws IOException {
        Transport transport = Transport.open(local, settings.url().forTransport());
        transport.setTimeout((int) deadline.remaining().toSeconds() + 1);
        transport.setTagOpt(TagOpt.NO_TAGS);
        transport.setCredentialsProvider(credentials);
        if (transport instanceof TransportHttp overHttp) {
            overHttp.setHttpConnectionFactory(http);
        }
        if (transport instanceof SshTransport overSsh) {
            overSsh.setSshSessionFactory(ssh.orElseThrow().factory());
        }
        return transport;
    }

    private SourceFailedException noBranch(Collection<Ref> refs) {
        List<String> branches = refs.stream()
                .map(Ref::getName)
                .filter(name -> name.startsWith(Constants.R_HEADS))
                .map(name -> name.substring(Constants.R_HEADS.length()))
                .sorted()
                .toList();
        String what = "The repository " + settings.url() + " has no branch \"" + settings.branch() + "\"";
        if (branches.isEmpty()) {
            return new SourceFailedException(what + ", nor any other", "Push a commit to that branch.");
        }
        String listed = branches.stream().limit(SHOWN_BRANCHES).collect(Collectors.joining(", "));
        String rest = branches.size() > SHOWN_BRANCHES ? " and " + (branches.size() - SHOWN_BRANCHES) + " more" : "";
        return new SourceFailedException(
                what, "Push that branch again, or configure one that exists: " + listed + rest + ".");
    }

    @Override
    public void close() {
        ssh.ifPresent(SshSessions::close);
    }
}
