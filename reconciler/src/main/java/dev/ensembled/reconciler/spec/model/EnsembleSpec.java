package dev.ensembled.reconciler.spec.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.ensembled.reconciler.spec.read.SpecReader;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The spec of a {@link ZooKeeperEnsemble}. Absent optional parts are replaced by their defaults, so that no reader has
 * to handle null; parts that contain only defaults are not written. Only {@code metrics} is null if it is absent, because
 * its presence has a meaning.
 *
 * <p>The annotations are the source of the custom resource definition and, through it, of what {@link SpecReader}
 * accepts. Rules that the definition cannot express are implemented beside the reader.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = OmitDefaults.class)
@ValidationRule(
        value = "self.version != '3.9.3'",
        fieldPath = ".version",
        message = "3.9.3 can lose data (ZOOKEEPER-4925): use 3.9.4 or later")
@ValidationRule(
        value = "self.voters != 2 || self.allow.evenVoters",
        fieldPath = ".voters",
        message = "must be odd: with 2 voters, the ensemble stops serving when either of them fails;"
                + " allow.evenVoters allows it")
@ValidationRule(
        value = "self.voters % 2 == 1 || self.voters == 2 || self.allow.evenVoters",
        fieldPath = ".voters",
        message = "must be odd: an even number of voters tolerates no more failures than one voter less;"
                + " allow.evenVoters allows it")
@ValidationRule(
        value = "self.voters <= 7 || self.allow.manyVoters",
        fieldPath = ".voters",
        message = "must be at most 7: each write waits for a majority of the voters, and observers serve reads without"
                + " slowing down writes; allow.manyVoters allows more")
@ValidationRule(
        value = "self.voters + self.observers <= 50",
        fieldPath = ".observers",
        message = "voters and observers together must be at most 50")
@ValidationRule(
        value = "self.budget.maxUnavailable <= (self.voters > 3 ? (self.voters - 1) / 2 : 1)",
        fieldPath = ".budget.maxUnavailable",
        message = "must leave a quorum of the voters available")
public record EnsembleSpec(
        @JsonPropertyDescription(
                        "Version of ZooKeeper, such as 3.9.5. Determines how the spec is validated, and the default image.")
                @Required
                @Pattern(VERSION_PATTERN)
                @Size(max = 32)
                String version,
        @JsonPropertyDescription("Container image of the servers. Defaults to docker.io/library/zookeeper:<version>.")
                @Pattern(IMAGE_PATTERN)
                @Size(max = 512)
                String image,
        @JsonPropertyDescription(
                        "Number of voters: 1 (for development), 3, 5 or 7. Other numbers require allow.evenVoters"
                                + " or allow.manyVoters.")
                @Required
                @Min(1)
                @Max(MAX_VOTERS)
                Integer voters,
        @JsonPropertyDescription("Number of observers: servers that serve clients and do not vote.")
                @Min(0)
                @Max(49)
                @Default("0")
                Integer observers,
        @JsonPropertyDescription(
                        "Settings of zoo.cfg, by the names that ZooKeeper documents. Values are strings, numbers"
                                + " or booleans. Keys that ensembled owns are refused. group.N and weight.N set the groups"
                                + " and weights of the voters.")
                @SchemaFrom(type = JsonNode.class)
                Map<String, String> config,
        @JsonPropertyDescription("Settings of the Java virtual machine of the servers.") @Default("{}") Jvm jvm,
        @JsonPropertyDescription(
                        "ZooKeeper's own metrics for Prometheus. The servers export them if this is set; {} is enough.")
                MetricsSpec metrics,
        @JsonPropertyDescription("Persistent storage of each server.") @Default("{}") StorageSpec storage,
        @JsonPropertyDescription("PodTemplateSpec that is merged over the generated one, for labels, affinity,"
                        + " tolerations, sidecars and resources.")
                @PreserveUnknownFields
                @SchemaFrom(type = JsonNode.class)
                @JsonDeserialize(using = WhenPresent.class)
                PodTemplateSpec podTemplate,
        @JsonPropertyDescription("Paths of defaults to remove from the generated pod template, such as"
                        + " spec.securityContext.runAsUser. In a file, a null in podTemplate has the same effect.")
                @Size(max = 32)
                List<@Size(max = 128) String> podTemplateUnset,
        @JsonPropertyDescription("How the servers are spread over nodes and zones.") @Default("{}") Placement placement,
        @JsonPropertyDescription("PodDisruptionBudget of the ensemble.") @Default("{}") Budget budget,
        @JsonPropertyDescription("How changes are rolled out to the servers.") @Default("{}") RolloutSpec rollout,
        @JsonPropertyDescription(
                        "Whether the ensemble keeps running (Orphan) or is deleted (Delete) when its file is"
                                + " removed from the repository. Volumes are deleted only if storage.deletionPolicy is also Delete.")
                @Default("\"Orphan\"")
                DeletionPolicy deletionPolicy,
        @JsonPropertyDescription("Settings that are refused unless allowed here.") @Default("{}") Allow allow,
        @JsonPropertyDescription("Credentials of the super user, which only ensembled uses.") @Default("{}")
                Credentials credentials) {

    /**
     * The maximum even with {@code allow.manyVoters}. It is odd, and leaves room for an observer in an ensemble of 50.
     */
    public static final int MAX_VOTERS = 49;

    /** Three numbers, and an optional suffix of a vendor. */
    public static final String VERSION_PATTERN = "^[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}(-[A-Za-z0-9.]{1,20})?$";

    /** An image reference as container runtimes parse it: registry, lower-case path, tag, digest. */
    public static final String IMAGE_PATTERN = "^([A-Za-z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*"
            + "(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$";

    /** A whole number of bytes above 0, with or without a unit. */
    public static final String BYTES_PATTERN = "^[1-9][0-9]{0,14}(k|M|G|T|Ki|Mi|Gi|Ti)?$";

    /** One argument of a command line. */
    public static final String OPTION_PATTERN = "^-[^\\s]+$";

    /** The name of a Kubernetes object. */
    public static final String DNS_SUBDOMAIN_PATTERN = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$";

    /** The key of a Kubernetes label: a name with an optional prefix. */
    public static final String LABEL_KEY_PATTERN =
            "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$";

    public EnsembleSpec {
        image = Objects.requireNonNullElse(image, "docker.io/library/zookeeper:" + version);
        observers = Objects.requireNonNullElse(observers, 0);
        config = config == null ? Map.of() : Map.copyOf(config);
        jvm = Objects.requireNonNullElse(jvm, new Jvm(null, null));
        storage = Objects.requireNonNullElse(storage, new StorageSpec(null, null, null, null));
        podTemplate = Objects.requireNonNullElseGet(podTemplate, PodTemplateSpec::new);
        podTemplateUnset = podTemplateUnset == null
                ? List.of()
                : podTemplateUnset.stream().distinct().sorted().toList();
        placement = Objects.requireNonNullElse(placement, new Placement(null, null));
        budget = Objects.requireNonNullElse(budget, new Budget(null));
        rollout = Objects.requireNonNullElse(rollout, RolloutSpec.DEFAULT);
        deletionPolicy = Objects.requireNonNullElse(deletionPolicy, DeletionPolicy.Orphan);
        allow = Objects.requireNonNullElse(allow, new Allow(null, null, null));
        credentials = Objects.requireNonNullElse(credentials, new Credentials(null));
    }

    /** Returns this spec with other rules for its rollout, on which no pod depends. */
    public EnsembleSpec with(RolloutSpec otherRollout) {
        return new EnsembleSpec(
                version,
                image,
                voters,
                observers,
                config,
                jvm,
                metrics,
                storage,
                podTemplate,
                podTemplateUnset,
                placement,
                budget,
                otherRollout,
                deletionPolicy,
                allow,
                credentials);
    }

    /** Creates a spec without metrics, which keeps all defaults of the pod template. */
    public EnsembleSpec(
            String version,
            String image,
            Integer voters,
            Integer observers,
            Map<String, String> config,
            Jvm jvm,
            StorageSpec storage,
            PodTemplateSpec podTemplate,
            Placement placement,
            Budget budget,
            RolloutSpec rollout,
            DeletionPolicy deletionPolicy,
            Allow allow,
            Credentials credentials) {
        this(
                version,
                image,
                voters,
                observers,
                config,
                jvm,
                null,
                storage,
                podTemplate,
                null,
                placement,
                budget,
                rollout,
                deletionPolicy,
                allow,
                credentials);
    }

    /** The number of servers: voters and observers. */
    public int servers() {
        return voters + observers;
    }

    /** What happens to the ensemble when its file is removed from the repository, or its resource from the cluster. */
    public enum DeletionPolicy {
        Orphan,
        Delete
    }

    /** Settings that are refused unless they are allowed here, because they are rarely intended. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Allow(
            @JsonPropertyDescription(
                            "Allows an even number of voters, which tolerates no more failures than one voter less.")
                    @Default("false")
                    Boolean evenVoters,
            @JsonPropertyDescription("Allows more than 7 voters. Each write waits for a majority of them.")
                    @Default("false")
                    Boolean manyVoters,
            @JsonPropertyDescription(
                            "Allows an older minor version of ZooKeeper after all servers have run a newer one.")
                    @Default("false")
                    Boolean downgrade) {
        public Allow {
            evenVoters = Objects.requireNonNullElse(evenVoters, false);
            manyVoters = Objects.requireNonNullElse(manyVoters, false);
            downgrade = Objects.requireNonNullElse(downgrade, false);
        }
    }

    /** The super user's credentials: created once, and again when the number is increased. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Credentials(
            @JsonPropertyDescription(
                            "Increase to generate a new password, which restarts the servers. A decrease has no"
                                    + " effect.")
                    @Min(0)
                    @Default("0")
                    Integer rotation) {
        public Credentials {
            rotation = Objects.requireNonNullElse(rotation, 0);
        }
    }

    /** The Java virtual machine of the servers. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Jvm(
            @JsonPropertyDescription("Initial and maximum size of the heap, such as 1Gi.")
                    @Pattern(BYTES_PATTERN)
                    @Size(max = 20)
                    @Default("512Mi")
                    String heap,
            @JsonPropertyDescription(
                            "Additional options of the JVM, each beginning with a dash. Must not set the heap size.")
                    @Size(max = 64)
                    List<@Pattern(OPTION_PATTERN) @Size(max = 1024) String> options) {
        public Jvm {
            heap = Objects.requireNonNullElse(heap, "512Mi");
            options = options == null ? List.of() : List.copyOf(options);
        }
    }

    /** How the servers are spread over nodes and zones. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Placement(
            @JsonPropertyDescription("Keys of node labels over whose values the servers are spread. Defaults to"
                            + " kubernetes.io/hostname and topology.kubernetes.io/zone.")
                    @Size(max = 8)
                    List<@Pattern(LABEL_KEY_PATTERN) @Size(max = 317) String> spreadBy,
            @JsonPropertyDescription("Whether spreading is required: a server that cannot be spread stays pending.")
                    @Default("false")
                    Boolean required) {
        public Placement {
            spreadBy = spreadBy == null
                    ? List.of("kubernetes.io/hostname", "topology.kubernetes.io/zone")
                    : List.copyOf(spreadBy);
            required = Objects.requireNonNullElse(required, false);
        }
    }

    /** The ensemble's own disruption budget. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Budget(
            @JsonPropertyDescription(
                            "Maximum number of servers that may be unavailable because of voluntary disruptions. 0 allows no"
                                    + " restarts.")
                    @Min(0)
                    @Max((MAX_VOTERS - 1) / 2)
                    @Default("1")
                    Integer maxUnavailable) {
        public Budget {
            maxUnavailable = Objects.requireNonNullElse(maxUnavailable, 1);
        }
    }
}
