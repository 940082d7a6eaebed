package dev.ensembled.terminal;

import dev.ensembled.daemon.Daemon;
import dev.ensembled.daemon.EndpointsReport;
import dev.ensembled.daemon.Settings;
import dev.ensembled.driver.Driver;
import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.SafeText;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Shows the ensembles of the local platform where {@code ensembled local} was started: redrawn in place on a terminal,
 * otherwise one plain line per change.
 */
@ApplicationScoped
public class LiveView implements Driver.Listener {
    private static final int MISCONFIGURED = 2;
    private static final long REDRAW_MILLIS = 300;
    private static final String UP_AND_CLEAR = "\u001b[%dA\u001b[J";

    private final Daemon daemon;
    private final Settings settings;
    private final EndpointsReport endpoints;
    private final PrintStream out = System.out;
    private final Map<EnsembleId, List<String>> printed = new ConcurrentHashMap<>();
    private volatile boolean closed;

    LiveView(Daemon daemon, Settings settings, EndpointsReport endpoints) {
        this.daemon = daemon;
        this.settings = settings;
        this.endpoints = endpoints;
    }

    void start(@Observes StartupEvent event) {
        if (settings.platform() != Settings.Kind.LOCAL) {
            return;
        }
        if (daemon.misconfigured().isPresent()) {
            // A person waits at the terminal; in a cluster, the readiness of the pod shows the reason.
            System.err.println(
                    "ensembled: " + SafeText.of(daemon.misconfigured().get()));
            Quarkus.asyncExit(MISCONFIGURED);
            return;
        }
        Introduction.of(settings.local().dir(), endpoints.web(), endpoints.health())
                .forEach(out::println);
        if (settings.terminal()) {
            Thread thread = new Thread(this::redraw, "live-view");
            thread.setDaemon(true);
            thread.start();
        } else {
            daemon.listen(this);
            Thread thread = new Thread(this::followGit, "live-view");
            thread.setDaemon(true);
            thread.start();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        closed = true;
    }

    private void redraw() {
        int lines = 0;
        try {
            while (!closed) {
                List<String> frame = Frame.of(daemon.latestResults(), Frame.git(daemon.sources()));
                out.print((lines == 0 ? "" : UP_AND_CLEAR.formatted(lines)) + String.join("\n", frame) + "\n");
                out.flush();
                lines = frame.size();
                Thread.sleep(REDRAW_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Prints changes of the Git source, since a change may affect no ensemble. */
    private void followGit() {
        List<String> before = List.of();
        try {
            while (!closed) {
                List<String> now = Frame.git(daemon.sources());
                List<String> known = before;
                now.stream().filter(line -> !known.contains(line)).forEach(out::println);
                before = now;
                Thread.sleep(REDRAW_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void seen(EnsembleId id, ReconcileResult latest) {
        List<String> lines = new ArrayList<>();
        latest.failure().ifPresent(failure -> lines.add("reconciliation failed: " + failure));
        latest.result().ifPresent(result -> {
            lines.add(Frame.headline(result.status()));
            if (!result.observed().connectString().isEmpty()) {
                lines.add("connect string: " + result.observed().connectString());
            }
            result.status().members().forEach(member -> lines.add("member " + member.id() + " is " + member.role()));
        });
        List<String> before = Objects.requireNonNullElse(printed.put(id, lines), List.of());
        lines.stream()
                .filter(line -> !before.contains(line))
                .forEach(line -> out.println(SafeText.of(id + ": " + line)));
    }

    @Override
    public void gone(EnsembleId id) {
        printed.remove(id);
        out.println(id + ": removed");
    }
}
