package dev.ensembled.kubernetes.store;

import dev.ensembled.kubernetes.client.ApiFailure;
import dev.ensembled.reconciler.cycle.ChangedMeanwhileException;
import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.cycle.SourceChanges;
import dev.ensembled.reconciler.cycle.SpecRefusedException;
import dev.ensembled.reconciler.desired.CanonicalJson;
import dev.ensembled.reconciler.desired.Drift;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The changes that a Git source makes to resources. Each reads the resource, requires that it is the one on which the change
 * was decided, and writes with what was read as its precondition. Thread-safe.
 */
record ResourceChanges(Resources resources, StoredResource reader, ResourceForm form, Basis basis)
        implements SourceChanges {

    /** What the changes were decided on. */
    interface Basis {
        /** The change does not depend on what is stored. */
        Basis ANY = (id, now) -> true;

        /**
         * Whether a change may still be made.
         *
         * @param now what is stored; empty if it is absent, invalid or being deleted
         */
        boolean holds(EnsembleId id, Optional<Accepted> now);
    }

    @Override
    public void accept(ZooKeeperEnsemble resource, SourceStatus source) {
        String digest = reader.digest(resource.getSpec());
        change("accept", resource.id(), stored -> {
            GenericKubernetesResource wanted = form.of(resource, source, digest);
            if (stored.filter(found -> same(wanted, digest, found)).isEmpty()) {
                GenericKubernetesResource applied = apply(stored, wanted);
                // Applying leaves in place what another client has added; the file in Git is the whole spec.
                if (!digest.equals(digestOf(applied))) {
                    resources.replaceSpec(
                            applied, wanted.getAdditionalProperties().get("spec"));
                }
            }
        });
    }

    @Override
    public void mark(EnsembleId id, SourceStatus source) {
        Map<String, String> wanted = SourceAnnotations.of(source);
        change("mark", id, stored -> stored.filter(
                        found -> !annotations(found).entrySet().containsAll(wanted.entrySet()))
                .ifPresent(found -> resources.patchMetadata(found, Map.of("annotations", wanted))));
    }

    @Override
    public void remove(EnsembleId id, SourceStatus source) {
        Map<String, String> wanted = new TreeMap<>(SourceAnnotations.of(source));
        wanted.put(SourceAnnotations.REMOVED_BY, Objects.requireNonNullElse(source.commit(), "unknown"));
        change(
                "remove",
                id,
                stored -> stored.ifPresent(
                        // The finalizer keeps the resource until its objects are gone, even if the daemon ends in
                        // between.
                        found -> resources.delete(resources.patchMetadata(
                                found, Map.of("annotations", wanted, "finalizers", Teardown.withFinalizer(found))))));
    }

    private void change(String doing, EnsembleId id, Consumer<Optional<GenericKubernetesResource>> change) {
        KubernetesStore.calling(doing + " " + id, () -> {
            resources.change(id, stored -> {
                requireBasis(id, stored);
                change.accept(stored);
            });
            return id;
        });
    }

    private void requireBasis(EnsembleId id, Optional<GenericKubernetesResource> stored) {
        Optional<Accepted> now = stored.filter(found -> found.getMetadata().getDeletionTimestamp() == null)
                .flatMap(reader::valid);
        if (!basis.holds(id, now)) {
            throw new ChangedMeanwhileException(
                    "the resource of " + id
                            + now.map(found -> " is at generation " + found.generation() + " of commit "
                                            + found.source()
                                                    .map(SourceStatus::commit)
                                                    .orElse("(none)"))
                                    .orElse(" is not stored")
                            + "; expected it as it was when the change was decided",
                    null);
        }
    }

    private GenericKubernetesResource apply(
            Optional<GenericKubernetesResource> stored, GenericKubernetesResource wanted) {
        try {
            return resources.apply(stored, wanted);
        } catch (KubernetesClientException e) {
            ApiFailure failure = new ApiFailure(e);
            if (failure.invalid() && !failure.isConflict()) {
                throw new SpecRefusedException(failure.message(), e);
            }
            throw e;
        }
    }

    private boolean same(GenericKubernetesResource wanted, String digest, GenericKubernetesResource stored) {
        return digest.equals(digestOf(stored))
                && Drift.between(CanonicalJson.tree(wanted.getMetadata()), CanonicalJson.tree(stored.getMetadata()))
                        .isEmpty();
    }

    private String digestOf(GenericKubernetesResource stored) {
        return reader.valid(stored)
                .map(accepted -> reader.digest(accepted.spec()))
                .orElse("");
    }

    private static Map<String, String> annotations(GenericKubernetesResource resource) {
        return Objects.requireNonNullElse(resource.getMetadata().getAnnotations(), Map.of());
    }
}
