package dev.ensembled.reconciler.accept;

import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a commit comes from, and which source of which installation follows it. It is recorded with each ensemble,
 * because the absence of an ensemble from a source means nothing if the ensemble came from another source.
 *
 * @param source the repository, directory and branch in one line; contains no secret, and stays the same when
 *     credentials change
 * @param installation the installation, under a name that it keeps over restarts and that no other installation on the
 *     same store has
 * @param name the name of the source in its installation
 * @param others the other sources that the installation follows, by name: repository, directory and branch of each
 */
public record Origin(String source, String installation, String name, Map<String, String> others) {
    /** The name of the source that is configured by environment variables. */
    public static final String DEFAULT_NAME = "default";

    private static final String SEPARATOR = "/";

    public Origin {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(installation, "installation");
        Objects.requireNonNull(name, "name");
        others = Map.copyOf(others);
    }

    /** The only source of an installation. */
    public Origin(String source, String installation) {
        this(source, installation, DEFAULT_NAME, Map.of());
    }

    /** The identity of the source that is recorded: the installation, and the name of the source unless it is the default. */
    public String owner() {
        return owner(installation, name);
    }

    /** The identity that is recorded for a source of an installation. */
    public static String owner(String installation, String name) {
        return name.equals(DEFAULT_NAME) ? installation : installation + SEPARATOR + name;
    }

    /** Whether this is the recorded source. */
    boolean isOf(SourceStatus record) {
        return source.equals(record.origin());
    }

    /**
     * Whether the ensemble belongs to another installation, or to another source of this installation. An ensemble that
     * this source accepted from another repository is ours: the source was reconfigured. So is an ensemble of a source that
     * the installation does not follow any longer.
     */
    public boolean isOfAnother(SourceStatus record) {
        if (record.origin() == null) {
            return others.containsKey(DEFAULT_NAME);
        }
        if (isOf(record)) {
            return false;
        }
        Optional<String> recorded = recordedName(record);
        return recorded.isEmpty() || others.containsValue(record.origin()) || others.containsKey(recorded.get());
    }

    /** Whether a source of this installation accepted the ensemble that the installation does not follow any longer. */
    boolean isReleased(SourceStatus record) {
        return record.origin() != null
                && !isOf(record)
                && !isOfAnother(record)
                && !recordedName(record).equals(Optional.of(name));
    }

    /** Whether a source of this installation accepted the ensemble. */
    boolean isOfInstallation(SourceStatus record) {
        return recordedName(record).isPresent();
    }

    /** The name of the source that accepted the ensemble; empty if another installation accepted it. */
    Optional<String> recordedName(SourceStatus record) {
        if (installation.equals(record.installation())) {
            return Optional.of(DEFAULT_NAME);
        }
        return Optional.ofNullable(record.installation())
                .filter(owner -> owner.startsWith(installation + SEPARATOR))
                .map(owner -> owner.substring(installation.length() + SEPARATOR.length()));
    }
}
