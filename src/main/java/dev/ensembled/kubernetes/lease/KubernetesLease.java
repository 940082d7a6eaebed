package dev.ensembled.kubernetes.lease;

import dev.ensembled.kubernetes.client.ApiFailure;
import dev.ensembled.leadership.LeaseRecord;
import dev.ensembled.leadership.LeaseStore;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A Lease object in the namespace of the daemon. The installation creates it, so that the daemon needs no right to create
 * one. Hints are annotations.
 */
public final class KubernetesLease implements LeaseStore {
    private static final String HINTS = "hint.ensembled.dev/";
    private static final Duration UNKNOWN = Duration.ZERO;

    private final KubernetesClient client;
    private final String namespace;
    private final String name;

    /**
     * Creates the store of one lease.
     *
     * @param client which is closed with this; without a fence, since a replica that does not lead writes here too
     */
    public KubernetesLease(KubernetesClient client, String namespace, String name) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
    }

    @Override
    public Optional<LeaseRecord> read() throws IOException {
        try {
            return Optional.ofNullable(lease().get()).map(KubernetesLease::record);
        } catch (KubernetesClientException e) {
            throw failed(e);
        }
    }

    @Override
    public Optional<LeaseRecord> replace(LeaseRecord record) throws IOException {
        try {
            Lease read = lease().get();
            if (read == null || !read.getMetadata().getResourceVersion().equals(record.version())) {
                return Optional.empty();
            }
            LeaseSpec spec = Objects.requireNonNullElseGet(read.getSpec(), LeaseSpec::new);
            spec.setHolderIdentity(record.holder().orElse(""));
            spec.setLeaseDurationSeconds((int) record.duration().toSeconds());
            spec.setAcquireTime(record.acquired().map(KubernetesLease::time).orElse(null));
            spec.setRenewTime(record.renewed().map(KubernetesLease::time).orElse(null));
            spec.setLeaseTransitions(record.transitions());
            read.setSpec(spec);
            // With the resource version that was read: the API server refuses the update of another one.
            return Optional.of(record(
                    client.resource(read).lockResourceVersion(record.version()).update()));
        } catch (KubernetesClientException e) {
            if (new ApiFailure(e).isConflict()) {
                return Optional.empty();
            }
            throw failed(e);
        }
    }

    @Override
    public void hint(String key, String value) throws IOException {
        Lease patch = new LeaseBuilder()
                .withNewMetadata()
                .addToAnnotations(HINTS + key.replace('/', '.'), value)
                .endMetadata()
                .build();
        try {
            lease().patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            client.getKubernetesSerialization().asJson(patch));
        } catch (KubernetesClientException e) {
            throw failed(e);
        }
    }

    @Override
    public String place() {
        return "Lease " + namespace + "/" + name;
    }

    @Override
    public void close() {
        client.close();
    }

    private Resource<Lease> lease() {
        return client.leases().inNamespace(namespace).withName(name);
    }

    private static LeaseRecord record(Lease lease) {
        LeaseSpec spec = Objects.requireNonNullElseGet(lease.getSpec(), LeaseSpec::new);
        return new LeaseRecord(
                Optional.ofNullable(spec.getHolderIdentity()).filter(holder -> !holder.isEmpty()),
                Optional.ofNullable(spec.getLeaseDurationSeconds())
                        .map(Duration::ofSeconds)
                        .orElse(UNKNOWN),
                Optional.ofNullable(spec.getAcquireTime()).map(ZonedDateTime::toInstant),
                Optional.ofNullable(spec.getRenewTime()).map(ZonedDateTime::toInstant),
                Objects.requireNonNullElse(spec.getLeaseTransitions(), 0),
                hints(lease.getMetadata()),
                lease.getMetadata().getResourceVersion());
    }

    private static Map<String, String> hints(ObjectMeta metadata) {
        Map<String, String> hints = new HashMap<>();
        Objects.requireNonNullElse(metadata.getAnnotations(), Map.<String, String>of())
                .forEach((key, value) -> {
                    if (key.startsWith(HINTS)) {
                        hints.put(key.substring(HINTS.length()).replaceFirst("\\.", "/"), value);
                    }
                });
        return hints;
    }

    /** The API server keeps microseconds. */
    private static ZonedDateTime time(Instant at) {
        return at.truncatedTo(java.time.temporal.ChronoUnit.MICROS).atZone(ZoneOffset.UTC);
    }

    private static IOException failed(KubernetesClientException e) {
        ApiFailure failure = new ApiFailure(e);
        String hint = failure.refused()
                ? "; apply the Role ensembled-lease of k8s/components/high-availability in the namespace of the daemon"
                : "";
        return new IOException(failure.message() + hint, e);
    }
}
