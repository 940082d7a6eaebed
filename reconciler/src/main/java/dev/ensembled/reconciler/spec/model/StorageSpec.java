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
        message = "storageClassName cannot be changed: the volumes exist")
@ValidationRule(
        value = "has(self.log) == has(oldSelf.log)",
        message = "log cannot be added or removed later: acknowledged writes stand on the volume that exists")
public record StorageSpec(
        @JsonPropertyDescription("Size of the volume with the snapshots, and with the transaction log unless that"
                        + " has one of its own. It can grow.")
                @Pattern(EnsembleSpec.BYTES_PATTERN)
                @Size(max = 20)
                @Default("10Gi")
                String size,
        @JsonPropertyDescription("Storage class; the cluster's default class if absent. Cannot be changed.")
                @Pattern(EnsembleSpec.DNS_SUBDOMAIN_PATTERN)
                @Size(max = 253)
                String storageClassName,
        @JsonPropertyDescription("Puts the transaction log on a volume of its own.") Log log,
        @JsonPropertyDescription("Delete: the volumes of servers that are scaled away are deleted, and those of an"
                        + " ensemble that is removed, which takes deletionPolicy: Delete too. Orphan: volumes stay.")
                @Default("\"Orphan\"")
                EnsembleSpec.DeletionPolicy deletionPolicy) {
    public StorageSpec {
        size = Objects.requireNonNullElse(size, "10Gi");
        deletionPolicy = Objects.requireNonNullElse(deletionPolicy, EnsembleSpec.DeletionPolicy.Orphan);
    }

    /** The size, in bytes, of the volume that holds the snapshots, or of the volume that holds the transaction log. */
    public long bytes(boolean ofLog) {
        boolean apart = ofLog && log != null && log.size() != null;
        return Quantity.getAmountInBytes(Quantity.parse(apart ? log.size() : size))
                .longValue();
    }

    /** The volume of the transaction log. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "has(self.storageClassName) == has(oldSelf.storageClassName)"
                    + " && (!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)",
            message = "storageClassName cannot be changed: the volumes exist")
    public record Log(
            @JsonPropertyDescription("Size of the volume. It can grow.")
                    @Required
                    @Pattern(EnsembleSpec.BYTES_PATTERN)
                    @Size(max = 20)
                    String size,
            @JsonPropertyDescription("Storage class; the cluster's default class if absent. Cannot be changed.")
                    @Pattern(EnsembleSpec.DNS_SUBDOMAIN_PATTERN)
                    @Size(max = 253)
                    String storageClassName) {}
}
