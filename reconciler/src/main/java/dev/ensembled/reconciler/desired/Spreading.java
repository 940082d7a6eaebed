package dev.ensembled.reconciler.desired;

import dev.ensembled.reconciler.spec.EnsembleSpec.Placement;
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
 * How servers are kept apart. Two on one host is never wanted, however uneven that leaves the hosts: anti-affinity.
 * Over wider domains, such as zones of which there may be fewer than servers, they are spread evenly.
 */
record Spreading(Placement placement, Map<String, String> selector) {
    private static final String HOST = "kubernetes.io/hostname";

    Optional<Affinity> affinity() {
        if (!placement.spreadBy().contains(HOST)) {
            return Optional.empty();
        }
        PodAffinityTerm apart = new PodAffinityTermBuilder()
                .withTopologyKey(HOST)
                .withLabelSelector(pods())
                .build();
        AffinityBuilder affinity = new AffinityBuilder();
        return Optional.of(
                placement.required()
                        ? affinity.withNewPodAntiAffinity()
                                .withRequiredDuringSchedulingIgnoredDuringExecution(apart)
                                .endPodAntiAffinity()
                                .build()
                        : affinity.withNewPodAntiAffinity()
                                .addNewPreferredDuringSchedulingIgnoredDuringExecution()
                                .withWeight(100)
                                .withPodAffinityTerm(apart)
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
