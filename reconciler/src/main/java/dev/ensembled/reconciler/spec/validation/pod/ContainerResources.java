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
    private static final BigDecimal MIN_NON_HEAP = BigDecimal.valueOf(128L << 20);

    /** The minimum memory with which a container can be started. */
    private static final BigDecimal MIN_MEMORY = BigDecimal.valueOf(6L << 20);

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
        if (!exceedsHeap()) {
            names.remove("memory");
        }
        names.forEach(this::check);
    }

    private void check(String name) {
        Optional<Amount> request = amount("requests", requests, name);
        Optional<Amount> limit = amount("limits", limits, name);
        boolean validRequest = isValid("requests", name, request);
        boolean validLimit = isValid("limits", name, limit);
        if (!validRequest || !validLimit) {
            return;
        }
        if (!NATIVE.contains(name)) {
            equal(name, request, limit);
        } else if (request.isPresent()
                && limit.isPresent()
                && request.get().value().compareTo(limit.get().value()) > 0) {
            exceeds(name, request.get(), limit.get());
        }
    }

    private Optional<Amount> amount(String kind, Map<String, String> defaults, String name) {
        Optional<Mapping> amounts = container.fields().mapping("resources", kind);
        Optional<Scalar> written = amounts.flatMap(mapping -> mapping.scalar(name));
        return written.map(Scalar::text)
                .or(() -> Optional.ofNullable(defaults.get(name)))
                .flatMap(text ->
                        Bytes.ofQuantity(text).map(value -> new Amount(text, value, written.map(Scalar::location))));
    }

    /** Whether an amount is valid by itself; reports it otherwise. */
    private boolean isValid(String kind, String name, Optional<Amount> amount) {
        Optional<Location> location = amount.flatMap(Amount::written);
        if (location.isEmpty()) {
            return true;
        }
        Optional<String> objection = objection(kind, name, amount.get());
        objection.ifPresent(text -> findings.violation(location.get(), field(kind, name), text));
        return objection.isEmpty();
    }

    private static Optional<String> objection(String kind, String name, Amount amount) {
        boolean bytes = !name.equals("cpu");
        if (!NATIVE.contains(name)
                && !HUGE_PAGES.matcher(name).matches()
                && !EXTENDED.matcher(name).matches()) {
            return Optional.of("unknown container resource" + Suggestion.didYouMean(name, NATIVE));
        }
        if (kind.equals("limits") && amount.value().signum() == 0) {
            return Optional.of("must be greater than 0: remove it to set no limit");
        }
        if (bytes && amount.value().stripTrailingZeros().scale() > 0) {
            return Optional.of(
                    "must be a whole number, not " + amount.text() + ": m means thousandths, and Mi means mebibytes");
        }
        if (name.equals("memory") && kind.equals("limits") && amount.value().compareTo(MIN_MEMORY) < 0) {
            return Optional.of(
                    "must be at least 6Mi, not " + amount.text() + ": a container cannot start with less memory");
        }
        return Optional.empty();
    }

    private void exceeds(String name, Amount request, Amount limit) {
        boolean requestWritten = request.written().isPresent();
        String fix = requestWritten && limit.written().isEmpty()
                ? "also set limits." + name + ", to at least the same amount"
                : requestWritten
                        ? "Kubernetes rejects such pods"
                        : "also set requests." + name + ", to at most the same amount";
        findings.violation(
                request.written().or(limit::written).orElseThrow(),
                field(requestWritten ? "requests" : "limits", name),
                "the %s request (%s%s) must not exceed the limit (%s%s): %s"
                        .formatted(
                                name,
                                request.text(),
                                requestWritten ? "" : " by default",
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
                    .ifPresent(location -> findings.violation(
                            location,
                            field("requests", name),
                            "must have a limit of the same amount: " + name + " cannot be overcommitted"));
        }
    }

    /** Whether the memory limit exceeds the heap far enough; reports it otherwise. */
    private boolean exceedsHeap() {
        Optional<BigDecimal> least = heap.flatMap(Bytes::of).map(MIN_NON_HEAP::add);
        Optional<Location> tooSmall = amount("limits", limits, "memory")
                .filter(limit -> limit.value().signum() > 0)
                .filter(limit -> least.isPresent() && limit.value().compareTo(least.get()) < 0)
                .flatMap(Amount::written);
        tooSmall.ifPresent(location -> findings.violation(
                location,
                field("limits", "memory"),
                "must be at least 128Mi more than the heap (%s, spec.jvm.heap), since the JVM needs memory besides it; %dMi is recommended"
                        .formatted(heap.orElseThrow(), ContainerMemory.containerMiB(heap.orElseThrow()))));
        return tooSmall.isEmpty();
    }

    private String field(String kind, String name) {
        return container.path() + ".resources." + kind + "." + name;
    }
}
