package dev.ensembled.reconciler.spec.validation.pod;

import dev.ensembled.reconciler.spec.model.Bytes;
import dev.ensembled.reconciler.spec.validation.Findings;
import dev.ensembled.reconciler.spec.validation.Suggestion;
import dev.ensembled.reconciler.spec.yaml.Location;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Checks the resources of one container against the rules by which an API server accepts a pod.
 *
 * @param heap the heap of the server, if this is the server's container
 * @param requests the default requests, which the file overrides
 * @param limits the default limits, which the file overrides
 */
record ContainerResources(
        PodContainer container,
        Optional<String> heap,
        Map<String, String> requests,
        Map<String, String> limits,
        Findings findings) {
    private static final Set<String> NATIVE = Set.of("cpu", "memory", "ephemeral-storage");
    private static final Pattern HUGE_PAGES = Pattern.compile("hugepages-[0-9]+[KMG]i");
    private static final Pattern EXTENDED = Pattern.compile("(?!requests\\.)(?!.*kubernetes\\.io/)[^/]+/[^/]+");

    /** The memory that a JVM needs beside its heap even under low load. */
    private static final BigDecimal LEAST_ROOM = BigDecimal.valueOf(128L << 20);

    /** The minimum memory with which a container can be started. */
    private static final BigDecimal LEAST_MEMORY = BigDecimal.valueOf(6L << 20);

    /** One amount: from the file, or else the default. */
    private record Amount(String text, BigDecimal value, Optional<Location> written) {}

    void check() {
        Set<String> names = new TreeSet<>();
        for (String kind : Set.of("requests", "limits")) {
            container
                    .fields()
                    .mapping("resources", kind)
                    .ifPresent(amounts -> names.addAll(amounts.fields().keySet()));
        }
        if (!leavesRoom()) {
            names.remove("memory");
        }
        names.forEach(this::check);
    }

    private void check(String name) {
        Optional<Amount> request = amount("requests", requests, name);
        Optional<Amount> limit = amount("limits", limits, name);
        boolean saneRequest = sane("requests", name, request);
        boolean saneLimit = sane("limits", name, limit);
        if (!saneRequest || !saneLimit) {
            return;
        }
        if (!NATIVE.contains(name)) {
            equal(name, request, limit);
        } else if (request.isPresent()
                && limit.isPresent()
                && request.get().value().compareTo(limit.get().value()) > 0) {
            above(name, request.get(), limit.get());
        }
    }

    private Optional<Amount> amount(String kind, Map<String, String> defaults, String name) {
        Optional<Mapping> amounts = container.fields().mapping("resources", kind);
        Optional<Scalar> written = amounts.flatMap(mapping -> mapping.scalar(name));
        return written.map(Scalar::text)
                .or(() -> Optional.ofNullable(defaults.get(name)))
                .flatMap(text ->
                        Bytes.ofQuantity(text).map(value -> new Amount(text, value, written.map(Scalar::place))));
    }

    /** Whether an amount is valid by itself. */
    private boolean sane(String kind, String name, Optional<Amount> amount) {
        Optional<Location> place = amount.flatMap(Amount::written);
        if (place.isEmpty()) {
            return true;
        }
        Optional<String> why = nonsense(kind, name, amount.get());
        why.ifPresent(text -> findings.violation(place.get(), field(kind, name), text));
        return why.isEmpty();
    }

    private static Optional<String> nonsense(String kind, String name, Amount amount) {
        boolean bytes = !name.equals("cpu");
        if (!NATIVE.contains(name)
                && !HUGE_PAGES.matcher(name).matches()
                && !EXTENDED.matcher(name).matches()) {
            return Optional.of(
                    "Kubernetes knows no such resource of a container" + Suggestion.didYouMean(name, NATIVE));
        }
        if (kind.equals("limits") && amount.value().signum() == 0) {
            return Optional.of("a limit of 0 is none at all, or one that no pod keeps: remove it");
        }
        if (bytes && amount.value().stripTrailingZeros().scale() > 0) {
            return Optional.of(amount.text() + " is no whole number: m stands for thousandths. Write Mi for mebibytes");
        }
        if (name.equals("memory") && kind.equals("limits") && amount.value().compareTo(LEAST_MEMORY) < 0) {
            return Optional.of("no container starts with " + amount.text() + " of memory: use at least 6Mi");
        }
        return Optional.empty();
    }

    private void above(String name, Amount request, Amount limit) {
        boolean ofRequest = request.written().isPresent();
        String fix = ofRequest && limit.written().isEmpty()
                ? "set limits." + name + " too, to no less"
                : ofRequest ? "Kubernetes refuses such pods" : "set requests." + name + " too, to no more";
        findings.violation(
                request.written().or(limit::written).orElseThrow(),
                field(ofRequest ? "requests" : "limits", name),
                "the request of %s (%s%s) is above the limit (%s%s): %s"
                        .formatted(
                                name,
                                request.text(),
                                ofRequest ? "" : " by default",
                                limit.text(),
                                limit.written().isPresent() ? "" : " by default",
                                fix));
    }

    /** Checks that request and limit are equal, for resources that cannot be overcommitted. */
    private void equal(String name, Optional<Amount> request, Optional<Amount> limit) {
        boolean same = limit.isPresent()
                && (request.isEmpty()
                        || request.get().value().compareTo(limit.get().value()) == 0);
        if (!same) {
            request.flatMap(Amount::written)
                    .ifPresent(place -> findings.violation(
                            place,
                            field("requests", name),
                            "needs a limit of the same amount: " + name + " cannot be shared"));
        }
    }

    /** Whether the memory limit leaves room beside the heap, because the server needs more than its heap. */
    private boolean leavesRoom() {
        Optional<BigDecimal> least = heap.flatMap(Bytes::of).map(LEAST_ROOM::add);
        Optional<Location> cramped = amount("limits", limits, "memory")
                .filter(limit -> limit.value().signum() > 0)
                .filter(limit -> least.isPresent() && limit.value().compareTo(least.get()) < 0)
                .flatMap(Amount::written);
        cramped.ifPresent(place -> findings.violation(
                place,
                field("limits", "memory"),
                "leaves no room beside the heap of %s (spec.jvm.heap): the server would be killed; use %dMi, or at the very"
                                .formatted(heap.orElseThrow(), ContainerMemory.containerMiB(heap.orElseThrow()))
                        + " least 128Mi more than the heap"));
        return cramped.isEmpty();
    }

    private String field(String kind, String name) {
        return container.path() + ".resources." + kind + "." + name;
    }
}
