package dev.ensembled.reconciler.spec.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Objects;

/** The volumes of each server; {@code log} puts the transaction log on its own volume. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.storageClassName) == has(oldSelf.storageClassName)"
                + " && (!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)",
        message = "storageClassName is immutable: the volumes exist")
@ValidationRule(
        value = "has(self.log) == has(oldSelf.log)",
        message = "log cannot be added or removed after creation: the existing volume contains acknowledged writes")
public record StorageSpec(
        @JsonPropertyDescription("Size of the volume for snapshots, and for the transaction log unless log is set."
                        + " Can be increased, and not decreased.")
                @Pattern(EnsembleSpec.BYTES_PATTERN)
                @Size(max = 20)
                @Default("10Gi")
                String size,
        @JsonPropertyDescription(
                        "Name of the StorageClass. Immutable. Defaults to the default StorageClass of the cluster.")
                @Pattern(EnsembleSpec.DNS_SUBDOMAIN_PATTERN)
                @Size(max = 253)
                String storageClassName,
        @JsonPropertyDescription("Separate volume for the transaction log. Cannot be added or removed after creation.")
                Log log,
        @JsonPropertyDescription("Whether volumes are kept (Orphan) or deleted (Delete) when their members are removed"
                        + " by a scale down, or when the ensemble is deleted according to spec.deletionPolicy.")
                @Default("\"Orphan\"")
                EnsembleSpec.DeletionPolicy deletionPolicy) {
    public StorageSpec {
        size = Objects.requireNonNullElse(size, "10Gi");
        deletionPolicy = Objects.requireNonNullElse(deletionPolicy, EnsembleSpec.DeletionPolicy.Orphan);
    }

    /** The size, in bytes, of the volume that holds the snapshots, or of the volume that holds the transaction log. */
    public long bytes(boolean ofLog) {
        boolean separate = ofLog && log != null && log.size() != null;
        return Quantity.getAmountInBytes(Quantity.parse(separate ? log.size() : size))
                .longValue();
    }

    /** The volume of the transaction log. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "has(self.storageClassName) == has(oldSelf.storageClassName)"
                    + " && (!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)",
            message = "storageClassName is immutable: the volumes exist")
    public record Log(
            @JsonPropertyDescription("Size of the volume. Can be increased, and not decreased.")
                    @Required
                    @Pattern(EnsembleSpec.BYTES_PATTERN)
                    @Size(max = 20)
                    String size,
            @JsonPropertyDescription(
                            "Name of the StorageClass. Immutable. Defaults to the default StorageClass of the cluster.")
                    @Pattern(EnsembleSpec.DNS_SUBDOMAIN_PATTERN)
                    @Size(max = 253)
                    String storageClassName) {}
}
