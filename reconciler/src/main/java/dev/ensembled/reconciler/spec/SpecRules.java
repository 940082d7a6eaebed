package dev.ensembled.reconciler.spec;

import java.util.List;

/** The list of all rules that the schema cannot express. */
final class SpecRules {
    private SpecRules() {}

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
}
