package dev.ensembled.daemon;

import dev.ensembled.driver.Driver;
import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.local.Endpoints;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Keeps the endpoints file up to date, in which scripts find the addresses of the local platform. */
@ApplicationScoped
public class EndpointsReport implements Driver.Listener {
    private final Daemon daemon;
    private final Settings settings;
    private final int port;

    EndpointsReport(Daemon daemon, Settings settings, @ConfigProperty(name = "quarkus.http.port") int port) {
        this.daemon = daemon;
        this.settings = settings;
        this.port = port;
    }

    void start(@Observes StartupEvent event) {
        if (settings.platform() == Settings.Kind.LOCAL) {
            daemon.listen(this);
            write();
        }
    }

    /** Returns the address of the status page. */
    public String web() {
        return "http://127.0.0.1:" + port + "/";
    }

    /** Returns the address of the health endpoints. */
    public String health() {
        return web() + "q/health";
    }

    @Override
    public void seen(EnsembleId id, ReconcileResult latest) {
        write();
    }

    @Override
    public void gone(EnsembleId id) {
        write();
    }

    private synchronized void write() {
        if (!daemon.runs()) {
            return;
        }
        List<Endpoints.Ensemble> ensembles = daemon.latestResults().entrySet().stream()
                .flatMap(entry -> ensemble(entry.getKey(), entry.getValue()).stream())
                .toList();
        daemon.runtime().publish(new Endpoints.Content(web(), health(), ensembles));
    }

    private Optional<Endpoints.Ensemble> ensemble(EnsembleId id, ReconcileResult latest) {
        Map<Integer, Long> pids = daemon.pids(id);
        Map<Integer, SortedMap<String, String>> services = daemon.runtime().services(id);
        return latest.result()
                .map(result -> new Endpoints.Ensemble(
                        id.namespace(),
                        id.name(),
                        result.observed().connectString(),
                        result.observed().members().stream()
                                .map(member -> endpoint(member, pids.get(member.id()), services.get(member.id())))
                                .toList()));
    }

    private static Endpoints.Endpoint endpoint(Member member, Long pid, SortedMap<String, String> services) {
        return new Endpoints.Endpoint(
                member.id(),
                member.server().describe(),
                member.clientAddress().map(Member.HostPort::toString).orElse(null),
                pid,
                services);
    }
}
