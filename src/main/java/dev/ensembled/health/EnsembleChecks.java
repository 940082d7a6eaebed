package dev.ensembled.health;

import dev.ensembled.daemon.Daemon;
import dev.ensembled.driver.Driver;
import dev.ensembled.driver.Sight;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.spec.EnsembleId;
import dev.ensembled.reconciler.spec.EnsembleStatus.Condition;
import dev.ensembled.reconciler.spec.EnsembleStatus.RolloutStatus;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.health.api.HealthRegistry;
import io.smallrye.health.api.HealthType;
import io.smallrye.health.registry.HealthRegistries;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/** One wellness check for each ensemble, which come and go with their ensembles. */
@ApplicationScoped
public class EnsembleChecks implements Driver.Listener {
    private final Daemon daemon;
    private final HealthRegistry registry = HealthRegistries.getRegistry(HealthType.WELLNESS);
    private final Set<EnsembleId> registered = ConcurrentHashMap.newKeySet();

    EnsembleChecks(Daemon daemon) {
        this.daemon = daemon;
    }

    void start(@Observes StartupEvent event) {
        daemon.listen(this);
    }

    @Override
    public void seen(EnsembleId id, Sight sight) {
        if (registered.add(id)) {
            registry.register(
                    checkId(id),
                    () -> check(id, Optional.ofNullable(daemon.sights().get(id))));
        }
    }

    @Override
    public void gone(EnsembleId id) {
        if (registered.remove(id)) {
            registry.remove(checkId(id));
        }
    }

    private static String checkId(EnsembleId id) {
        return "ensemble " + id;
    }

    /** Down if clients are not served, a person must act, or the ensemble cannot be looked at. */
    static HealthCheckResponse check(EnsembleId id, Optional<Sight> sight) {
        HealthCheckResponseBuilder response = HealthCheckResponse.named(checkId(id));
        if (sight.isEmpty()) {
            return response.up().withData("what", "not looked at yet").build();
        }
        sight.get().result().ifPresent(result -> describe(response, result));
        if (sight.get().failure().isPresent()) {
            return response.down()
                    .withData(
                            "what",
                            "it cannot be looked at: " + sight.get().failure().get())
                    .withData("since", sight.get().since().toString())
                    .withData("do", "see that the platform and the daemon reach each other; it is retried by itself")
                    .build();
        }
        return response.status(
                        sight.get().result().filter(EnsembleChecks::isWell).isPresent())
                .build();
    }

    private static boolean isWell(ReconcileCycle.Result result) {
        boolean available = result.status().conditions().stream()
                .anyMatch(c -> c.type().equals("Available") && c.status().equals("True"));
        return available && !result.stalled();
    }

    private static void describe(HealthCheckResponseBuilder response, ReconcileCycle.Result result) {
        Condition ready = result.status().conditions().get(0);
        response.withData("what", ready.reason() + ": " + ready.message());
        RolloutStatus rollout = result.status().rollout();
        response.withData("since", rollout.gate() == null ? ready.lastTransitionTime() : rollout.since());
        if (rollout.gate() != null) {
            response.withData("gate", rollout.gate());
        }
        if (result.status().leader() != null) {
            response.withData("leader", result.status().leader());
        }
        if (result.stalled()) {
            response.withData("do", "what the message says: repair what it names, or push a fix or a revert");
        }
    }
}
