package dev.ensembled.daemon;

import dev.ensembled.kubernetes.client.KubernetesClients;
import dev.ensembled.kubernetes.lease.KubernetesLease;
import dev.ensembled.leadership.Alone;
import dev.ensembled.leadership.Leadership;
import dev.ensembled.leadership.LeaseLeadership;
import dev.ensembled.leadership.LeaseTimes;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.UUID;

/** This process as one of several replicas in a cluster. */
final class Replica {
    private Replica() {}

    /** Returns its part in the election, if the settings name a lease; otherwise it is the only one. */
    static Leadership of(Settings settings, Clock clock) {
        return settings.lease()
                .name()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .map(lease -> elected(lease, settings, clock))
                .orElseGet(Alone::new);
    }

    private static Leadership elected(String lease, Settings settings, Clock clock) {
        LeaseTimes times = LeaseTimes.DEFAULT;
        String identity = settings.lease()
                .identity()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .orElseGet(() -> UUID.randomUUID().toString());
        KubernetesClient client = KubernetesClients.within(times.request());
        return new LeaseLeadership(
                new KubernetesLease(client, Installation.namespace().orElse(client.getNamespace()), lease),
                identity,
                times,
                clock);
    }
}
