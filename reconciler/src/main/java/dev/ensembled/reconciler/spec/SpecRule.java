package dev.ensembled.reconciler.spec;

import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import java.util.List;

/**
 * A rule that the schema cannot express. A rule checks only values that are present, ignores missing values, and leaves
 * values of the wrong type to the schema, so that all violations of a document are found at once.
 */
interface SpecRule {

    /** All rules for the spec. */
    static List<SpecRule> all(Policy policy) {
        return List.of(
                new VersionRule(),
                new MembershipRule(),
                new ZooCfgRule(),
                new IdleKeyRule(),
                new VoteCountingRule(),
                new JvmRule(policy.jvmOptions()),
                new SystemPropertyRule(),
                new StorageRule(),
                new RolloutRule(),
                new WindowRule(),
                new PodTemplateRule(),
                new UnsetRule(policy.podSecurity()),
                new ContainersRule(),
                new ResourcesRule(),
                new CredentialsRule(policy),
                new PodSecurityRule(policy.podSecurity()));
    }

    /**
     * Reports all violations of this rule.
     *
     * @param spec the value of the document's {@code spec}
     */
    void check(Mapping spec, Findings findings);
}
