package dev.ensembled.git.transport;

import dev.ensembled.git.failure.MissingReference;
import dev.ensembled.git.history.Descent;
import dev.ensembled.git.pack.HistoryFetch;
import dev.ensembled.git.pack.PackLimits;
import dev.ensembled.git.pack.ShallowFetch;
import dev.ensembled.git.reference.Reference;
import dev.ensembled.git.reference.Tip;
import dev.ensembled.git.settings.Credentials;
import dev.ensembled.git.settings.Deadline;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.SourceFailedException;
import java.io.EOFException;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.errors.TransportException;
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

/** The repository on the server, for one fetch. Closing it ends its SSH sessions. */
public final class Remote implements AutoCloseable {
    private final GitSettings settings;
    private final Credentials credentials;
    private final HttpConnections http;
    private final Deadline deadline;
    private final Optional<SshSessions> ssh;

    public Remote(GitSettings settings, Credentials credentials, HttpConnections http, Deadline deadline)
            throws SourceFailedException {
        this.settings = settings;
        this.credentials = credentials;
        this.http = http;
        this.deadline = deadline;
        this.ssh = settings.url().isSsh() ? Optional.of(SshSessions.open(settings)) : Optional.empty();
    }

    /** The newest commit of the reference; transfers no objects, and no list if the commit is configured by its id. */
    public Tip tip(Repository local) throws IOException, SourceFailedException {
        Reference reference = settings.reference();
        if (reference.fixed().isPresent()) {
            return reference.fixed().get();
        }
        Optional<Tip> tip = reference.find(refs(local, reference.listed()));
        if (tip.isEmpty()) {
            throw MissingReference.of(
                    settings,
                    refs(local, reference.alternatives()).stream()
                            .map(Ref::getName)
                            .toList());
        }
        return tip.get();
    }

    /** Transfers what is read of the newest commit, which may be newer than the commit that {@link #tip} returned. */
    public Tip fetch(Repository local, ProgressMonitor monitor, boolean fresh) throws IOException {
        http.allow(PackLimits.ofThisProcess().bytes() + HttpConnections.LISTS);
        try {
            return new ShallowFetch(local, this::open, settings, monitor).run(fresh);
        } finally {
            http.allow(HttpConnections.LISTS);
        }
    }

    /** Finds out whether the commit that was transferred last is a descendant of another one. */
    public Descent descent(Repository local, ProgressMonitor monitor, ObjectId commit, ObjectId ancestor)
            throws IOException {
        http.allow(PackLimits.ofHistory().bytes() + HttpConnections.LISTS);
        try {
            return new HistoryFetch(local, this::open, settings, monitor).of(commit, ancestor);
        } finally {
            http.allow(HttpConnections.LISTS);
        }
    }

    /** Why the server's key was refused; empty if it was not refused. */
    public Optional<SourceFailedException> refusedServer() {
        return ssh.flatMap(sessions -> sessions.hostKeys().refusal());
    }

    /**
     * A server whose object ids are longer (SHA-256) closes the connection, over SSH without an error that JGit reports. By
     * protocol version 0 it sends its ids first, so that the reason can be reported.
     */
    private Collection<Ref> refs(Repository local, RefSpec wanted) throws IOException {
        try {
            return ask(local, wanted);
        } catch (TransportException e) {
            if (!settings.url().isSsh() || !(e.getCause() instanceof EOFException) || deadline.passed()) {
                throw e;
            }
            local.getConfig().setString("protocol", null, "version", "0");
            try {
                return ask(local, wanted);
            } finally {
                local.getConfig().unset("protocol", null, "version");
            }
        }
    }

    private Collection<Ref> ask(Repository local, RefSpec wanted) throws IOException {
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

    @Override
    public void close() {
        ssh.ifPresent(SshSessions::close);
    }
}
