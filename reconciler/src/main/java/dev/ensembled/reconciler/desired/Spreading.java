package dev.ensembled.reconciler.desired;

import dev.ensembled.reconciler.spec.model.EnsembleSpec.Placement;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.PodAffinityTermBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How servers are spread. Two servers on one host are never wanted, however uneven the hosts then are: hence
 * anti-affinity. Wider domains, such as zones, may be fewer than the servers: there the servers are spread evenly.
 */
record Spreading(Placement placement, Map<String, String> selector) {
    private static final String HOST = "kubernetes.io/hostname";

    Optional<Affinity> affinity() {
        if (!placement.spreadBy().contains(HOST)) {
            return Optional.empty();
        }
        PodAffinityTerm separateHosts = new PodAffinityTermBuilder()
                .withTopologyKey(HOST)
                .withLabelSelector(pods())
                .build();
        AffinityBuilder affinity = new AffinityBuilder();
        return Optional.of(
                placement.required()
                        ? affinity.withNewPodAntiAffinity()
                                .withRequiredDuringSchedulingIgnoredDuringExecution(separateHosts)
                                .endPodAntiAffinity()
                                .build()
                        : affinity.withNewPodAntiAffinity()
                                .addNewPreferredDuringSchedulingIgnoredDuringExecution()
                                .withWeight(100)
                                .withPodAffinityTerm(separateHosts)
                                .endPreferredDuringSchedulingIgnoredDuringExecution()
                                .endPodAntiAffinity()
                                .build());
    }

    List<TopologySpreadConstraint> constraints() {
        return placement.spreadBy().stream()
                .filter(key -> !key.equals(HOST))
                .map(key -> new TopologySpreadConstraintBuilder()
                        .withMaxSkew(1)
                        .withTopologyKey(key)
                        .withWhenUnsatisfiable(placement.required() ? "DoNotSchedule" : "ScheduleAnyway")
                        .withLabelSelector(pods())
                        .build())
                .toList();
    }

    private LabelSelector pods() {
        return new LabelSelectorBuilder().withMatchLabels(selector).build();
    }
}
