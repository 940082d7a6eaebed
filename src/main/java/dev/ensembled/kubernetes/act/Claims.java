package dev.ensembled.kubernetes.act;

import dev.ensembled.kubernetes.client.ApiFailure;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.desired.ObjectNames;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.function.IntPredicate;
import org.jboss.logging.Logger;

/**
 * Deletes claims, and with them the data of servers: only if the spec says {@code storage.deletionPolicy: Delete} and the
 * repository removes the servers. Kubernetes keeps a claim until its pod is gone.
 */
public record Claims(KubernetesClient client) {
    private static final Logger LOG = Logger.getLogger(Claims.class);

    /** Reads the claims of these members that are not being deleted. */
    public List<PersistentVolumeClaim> of(ObjectNames names, IntPredicate members) {
        return client
                .persistentVolumeClaims()
                .inNamespace(names.id().namespace())
                .withLabels(names.selector())
                .list()
                .getItems()
                .stream()
                .filter(claim -> names.claim(claim.getMetadata().getName())
                        .filter(place -> members.test(place.member()))
                        .isPresent())
                .filter(claim -> claim.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    /** Deletes claims, unless they have changed since they were read. The daemon has this right only where it was granted. */
    public Outcome delete(ObjectNames names, List<PersistentVolumeClaim> read) {
        return ApiFailure.expecting("delete the volumes of removed members", () -> {
            for (PersistentVolumeClaim claim : read) {
                LogEntry.of("deleting volume (deletion policy Delete)")
                        .with(LogKey.NAME, claim.getMetadata().getName())
                        .with(LogKey.ENSEMBLE, names.id())
                        .info(LOG);
                client.resource(claim).lockResourceVersion().delete();
            }
            return new Outcome.Applied();
        });
    }
}
