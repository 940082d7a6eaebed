package dev.ensembled.reconciler.spec.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.Objects;

/** The resource in the cluster and, without its status, the document in the repository. */
@Group(ZooKeeperEnsemble.GROUP)
@Version(ZooKeeperEnsemble.VERSION)
@ShortNames("zke")
@Categories("all")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"apiVersion", "kind", "metadata", "spec", "status"})
@JsonDeserialize(using = JsonDeserializer.None.class)
@AdditionalPrinterColumn(name = "Version", jsonPath = ".spec.version", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Voters", jsonPath = ".spec.voters", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Observers",
        jsonPath = ".spec.observers",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(name = "Leader", jsonPath = ".status.leader", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Gate", jsonPath = ".status.rollout.gate", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Rollout",
        jsonPath = ".status.rollout.reason",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
        value = "self.metadata.name.size() <= 52 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')"
                + " && !self.metadata.name.endsWith('-headless')",
        message = "the name must be a DNS label that begins with a letter, has at most 52 characters and does not end"
                + " in -headless: names of Services and labels of pods contain it")
@ValidationRule(
        value = "quantity(self.spec.storage.size).compareTo(quantity(oldSelf.spec.storage.size)) >= 0"
                + " || (has(self.status) && has(self.status.volumes) && has(self.status.volumes.data)"
                + " && quantity(self.spec.storage.size).compareTo(quantity(self.status.volumes.data)) >= 0)",
        fieldPath = ".spec.storage.size",
        message = "must not be less than before: volumes cannot shrink")
@ValidationRule(
        value = "!has(self.spec.storage.log) || !has(oldSelf.spec.storage.log)"
                + " || quantity(self.spec.storage.log.size).compareTo(quantity(oldSelf.spec.storage.log.size)) >= 0"
                + " || (has(self.status) && has(self.status.volumes) && has(self.status.volumes.log)"
                + " && quantity(self.spec.storage.log.size).compareTo(quantity(self.status.volumes.log)) >= 0)",
        fieldPath = ".spec.storage.log.size",
        message = "must not be less than before: volumes cannot shrink")
public class ZooKeeperEnsemble implements HasMetadata, Namespaced {
    public static final String GROUP = "ensembled.dev";
    public static final String VERSION = "v1alpha1";
    public static final String KIND = "ZooKeeperEnsemble";

    private static final long serialVersionUID = 1;

    private String apiVersion = GROUP + "/" + VERSION;
    private String kind = KIND;
    private ObjectMeta metadata = new ObjectMeta();
    private EnsembleSpec spec;
    private EnsembleStatus status;

    /** The identity of this resource; its namespace must be set. */
    public EnsembleId id() {
        return new EnsembleId(metadata.getNamespace(), metadata.getName());
    }

    @Override
    public String getApiVersion() {
        return apiVersion;
    }

    @Override
    public void setApiVersion(String apiVersion) {
        this.apiVersion = apiVersion;
    }

    @Override
    public String getKind() {
        return kind;
    }

    public void setKind(String kind) {
        this.kind = kind;
    }

    @Override
    public ObjectMeta getMetadata() {
        return metadata;
    }

    @Override
    public void setMetadata(ObjectMeta metadata) {
        this.metadata = metadata;
    }

    public EnsembleSpec getSpec() {
        return spec;
    }

    public void setSpec(EnsembleSpec spec) {
        this.spec = spec;
    }

    public EnsembleStatus getStatus() {
        return status;
    }

    public void setStatus(EnsembleStatus status) {
        this.status = status;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ZooKeeperEnsemble resource
                && Objects.equals(apiVersion, resource.apiVersion)
                && Objects.equals(kind, resource.kind)
                && Objects.equals(metadata, resource.metadata)
                && Objects.equals(spec, resource.spec)
                && Objects.equals(status, resource.status);
    }

    @Override
    public int hashCode() {
        return Objects.hash(apiVersion, kind, metadata, spec, status);
    }

    @Override
    public String toString() {
        return KIND + "[metadata=" + metadata + ", spec=" + spec + ", status=" + status + "]";
    }
}
