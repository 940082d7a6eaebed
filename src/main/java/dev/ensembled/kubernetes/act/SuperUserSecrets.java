package dev.ensembled.kubernetes.act;

import dev.ensembled.kubernetes.client.ApiFailure;
import dev.ensembled.kubernetes.client.RecentWrites;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Digest;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Keeps the super user's password of each ensemble in a Secret {@code NAME-super}: created once, read by its name and never
 * listed, cached for a minute. Thread-safe.
 *
 * <p>Servers know only a digest, which they read when they start. So a new password requires a restart of each server, one
 * by one: the pod template contains a fingerprint of the digest. Until then the previous password is tried too. If the
 * Secret is deleted, both are lost: a new password is created, and the servers accept no reconfiguration until they have
 * been restarted with it, so these restarts come first.
 */
public final class SuperUserSecrets {
    private static final Logger LOG = Logger.getLogger(SuperUserSecrets.class);
    private static final Duration REMEMBERED = Duration.ofSeconds(60);

    private final KubernetesClient client;
    private final Clock clock;
    private final Map<EnsembleId, Read> known = new ConcurrentHashMap<>();

    public SuperUserSecrets(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    private record Read(Optional<Secret> secret, Instant at) {}

    /** Returns the state of the Secret compared with what the spec asks for. */
    public ObjectState state(Desired desired, boolean formed) {
        ObjectNames names = new ObjectNames(desired.id());
        State state =
                remembered(names).map(secret -> state(secret, desired)).orElse(formed ? State.DRIFTED : State.MISSING);
        return new ObjectState("Secret", names.superSecret(), state, List.of(), "");
    }

    /** Returns a fingerprint that distinguishes digests without disclosing them; empty if there is no digest. */
    public String fingerprint(ObjectNames names) {
        return remembered(names)
                .map(SuperSecret::new)
                .flatMap(SuperSecret::digest)
                .map(digest -> Digest.of(digest))
                .orElse("");
    }

    /** Returns all passwords that a server may know, the newest first. */
    public List<String> passwords(ObjectNames names) {
        return remembered(names)
                .map(secret -> new SuperSecret(secret).passwords())
                .orElse(List.of());
    }

    /** Creates the Secret, or corrects it. */
    public Outcome ensure(Desired desired) {
        ObjectNames names = new ObjectNames(desired.id());
        known.remove(desired.id());
        Optional<Secret> there = remembered(names);
        if (there.isPresent() && !SuperSecret.isOf(names, there.get())) {
            return new Outcome.Blocked(
                    Gate.FOREIGN_OBJECT,
                    "Secret/" + names.superSecret()
                            + " already exists and is not managed by ensembled: rename the ensemble, or delete the Secret");
        }
        if (there.isPresent() && state(there.get(), desired) == State.CURRENT) {
            return new Outcome.Applied();
        }
        int rotation = desired.spec().credentials().rotation();
        return ApiFailure.expecting("write Secret/" + names.superSecret(), () -> {
            write(names, there, rotation);
            known.remove(desired.id());
            LogEntry.of("super user credentials written")
                    .with(LogKey.ENSEMBLE, names.id())
                    .with(LogKey.ROTATION, rotation)
                    .info(LOG);
            return new Outcome.Applied();
        });
    }

    private void write(ObjectNames names, Optional<Secret> there, int rotation) {
        if (there.isEmpty()) {
            client.resource(SuperSecret.create(names, rotation)).create();
        } else {
            client.resource(new SuperSecret(there.get()).renewed(rotation))
                    .fieldManager(RecentWrites.FIELD_MANAGER)
                    .forceConflicts()
                    .serverSideApply();
        }
    }

    private static State state(Secret secret, Desired desired) {
        SuperSecret found = new SuperSecret(secret);
        if (!found.whole()) {
            return State.DRIFTED;
        }
        return found.rotation() < desired.spec().credentials().rotation() || !found.marked()
                ? State.OUTDATED
                : State.CURRENT;
    }

    private Optional<Secret> remembered(ObjectNames names) {
        Instant now = clock.instant();
        Read read = known.get(names.id());
        if (read == null || now.isAfter(read.at().plus(REMEMBERED))) {
            read = new Read(
                    Optional.ofNullable(client.secrets()
                            .inNamespace(names.id().namespace())
                            .withName(names.superSecret())
                            .get()),
                    now);
            known.put(names.id(), read);
        }
        return read.secret();
    }
}
