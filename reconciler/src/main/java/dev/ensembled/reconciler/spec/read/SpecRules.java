package dev.ensembled.reconciler.spec.read;

import dev.ensembled.reconciler.spec.validation.MembershipRule;
import dev.ensembled.reconciler.spec.validation.MetricsRule;
import dev.ensembled.reconciler.spec.validation.Policy;
import dev.ensembled.reconciler.spec.validation.RolloutRule;
import dev.ensembled.reconciler.spec.validation.SpecRule;
import dev.ensembled.reconciler.spec.validation.StorageRule;
import dev.ensembled.reconciler.spec.validation.VersionRule;
import dev.ensembled.reconciler.spec.validation.WindowRule;
import dev.ensembled.reconciler.spec.validation.pod.ContainersRule;
import dev.ensembled.reconciler.spec.validation.pod.CredentialsRule;
import dev.ensembled.reconciler.spec.validation.pod.PodSecurityRule;
import dev.ensembled.reconciler.spec.validation.pod.PodTemplateRule;
import dev.ensembled.reconciler.spec.validation.pod.ResourcesRule;
import dev.ensembled.reconciler.spec.validation.pod.UnsetRule;
import dev.ensembled.reconciler.spec.validation.server.IneffectiveKeyRule;
import dev.ensembled.reconciler.spec.validation.server.JvmRule;
import dev.ensembled.reconciler.spec.validation.server.SystemPropertyRule;
import dev.ensembled.reconciler.spec.validation.server.VoteCountingRule;
import dev.ensembled.reconciler.spec.validation.server.ZooCfgRule;
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
                new IneffectiveKeyRule(),
                new VoteCountingRule(),
                new MetricsRule(),
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
