package dev.ensembled.reconciler.spec.validation;

import dev.ensembled.reconciler.spec.model.Bytes;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import java.math.BigDecimal;

/** Volumes are large enough, and a note warns if they are going to be deleted with their servers. */
public final class StorageRule implements SpecRule {
    /**
     * ZooKeeper preallocates 64 MiB for each file of its log, and opens the next file before it deletes the previous
     * one.
     */
    private static final BigDecimal MIN_SIZE = BigDecimal.valueOf(128L * 1024 * 1024);

    @Override
    public void check(Mapping spec, Findings findings) {
        size(spec, findings, "storage", "size");
        size(spec, findings, "storage", "log", "size");
        spec.string("storage", "deletionPolicy")
                .filter(deletion -> deletion.text().equals("Delete"))
                .ifPresent(deletion -> findings.note(
                        deletion.location(),
                        "spec.storage.deletionPolicy",
                        "the volumes of removed members are deleted on scale down, and with deletionPolicy: Delete all volumes"
                                + " are deleted when the ensemble is removed"));
    }

    private static void size(Mapping spec, Findings findings, String... path) {
        spec.string(path)
                .filter(size -> Bytes.of(size.text())
                        .filter(bytes -> bytes.compareTo(MIN_SIZE) < 0)
                        .isPresent())
                .ifPresent(size -> findings.violation(
                        size.location(),
                        "spec." + String.join(".", path),
                        "must be at least 128Mi, not " + size.text()
                                + ": ZooKeeper preallocates 64 MiB for each file of the transaction log"));
    }
}
