package dev.ensembled.e2e.harness;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The claims of an ensemble's members, and ways in which volumes are lost. */
public final class VolumeClaims {
    private final KubernetesClient client;
    private final String namespace;
    private final String ensemble;

    public VolumeClaims(KubernetesClient client, String namespace, String ensemble) {
        this.client = client;
        this.namespace = namespace;
        this.ensemble = ensemble;
    }

    /** The claim of the pod of this ordinal. */
    public String claim(int ordinal) {
        return "data-" + ensemble + "-" + ordinal;
    }

    /** The claim of a pod. */
    public String claim(String pod) {
        return "data-" + pod;
    }

    /** The current claim of a pod. */
    public PersistentVolumeClaim of(String pod) {
        return claims().get(claim(pod));
    }

    /** The UIDs of the claims, by name. */
    public Map<String, String> uids() {
        Map<String, String> uids = new TreeMap<>();
        claims().forEach((name, claim) -> uids.put(name, claim.getMetadata().getUid()));
        return uids;
    }

    /** The bytes that the claims request, by name. */
    public Map<String, Long> requests() {
        Map<String, Long> sizes = new TreeMap<>();
        claims().forEach((name, claim) -> sizes.put(
                name,
                Quantity.getAmountInBytes(
                                claim.getSpec().getResources().getRequests().get("storage"))
                        .longValue()));
        return sizes;
    }

    private Map<String, PersistentVolumeClaim> claims() {
        Map<String, PersistentVolumeClaim> claims = new TreeMap<>();
        client.persistentVolumeClaims().inNamespace(namespace).list().getItems().stream()
                .filter(claim -> claim.getMetadata().getName().matches("data-" + ensemble + "-[0-9]+"))
                .forEach(claim -> claims.put(claim.getMetadata().getName(), claim));
        return claims;
    }

    /** Deletes a claim, and with it its volume. It is gone when no pod uses it any more. */
    public void delete(String claim) {
        client.persistentVolumeClaims().inNamespace(namespace).withName(claim).delete();
    }

    /** Empties the volume behind a claim on its node, like a replaced disk; its pod may run. */
    public void wipe(String claim) {
        try (Stream<Path> files = Files.walk(directory(claim))) {
            // The directories that pods have mounted stay, without their content.
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!isMounted(file, directory(claim))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isMounted(Path file, Path volume) {
        return file.equals(volume) || file.getParent().equals(volume);
    }

    /** Damages the middle of the written part of the newest transaction log. */
    public void corruptNewestLog(String claim) {
        try (Stream<Path> files = Files.list(directory(claim).resolve("datalog/version-2"))) {
            Path newest = files.filter(file -> file.getFileName().toString().startsWith("log."))
                    .max(Comparator.comparingLong(VolumeClaims::zxid))
                    .orElseThrow();
            Nonsense.intoTheMiddleOf(newest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long zxid(Path log) {
        return Long.parseUnsignedLong(log.getFileName().toString().substring("log.".length()), 16);
    }

    /** The directory of the volume on this machine, which runs the nodes. */
    private Path directory(String claim) {
        PersistentVolume volume = client.persistentVolumes()
                .withName(claims().get(claim).getSpec().getVolumeName())
                .get();
        String node = volume.getSpec()
                .getNodeAffinity()
                .getRequired()
                .getNodeSelectorTerms()
                .get(0)
                .getMatchExpressions()
                .get(0)
                .getValues()
                .get(0);
        return TestCluster.nodeDirectory(node)
                .resolve(volume.getSpec().getLocal().getPath().substring(1));
    }
}
