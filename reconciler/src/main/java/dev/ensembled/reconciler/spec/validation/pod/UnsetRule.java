package dev.ensembled.reconciler.spec.validation.pod;

import static java.util.Map.entry;

import dev.ensembled.reconciler.spec.validation.Findings;
import dev.ensembled.reconciler.spec.validation.Policy.PodSecurity;
import dev.ensembled.reconciler.spec.validation.SpecRule;
import dev.ensembled.reconciler.spec.validation.Suggestion;
import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a null in the pod template may remove: defaults of ensembled that a platform may have to set itself, as
 * OpenShift does with users. Any other null has no effect, and is refused because its author expects an effect.
 */
public final class UnsetRule implements SpecRule {
    private static final String SERVER = "spec.containers[" + PodContainer.SERVER + "]";

    /**
     * The defaults that can be removed, with the strictest level of the Pod Security Standards that does not require
     * them.
     */
    private static final Map<String, PodSecurity> DEFAULTS = new TreeMap<>(Map.ofEntries(
            entry("spec.affinity", PodSecurity.RESTRICTED),
            entry("spec.affinity.podAntiAffinity", PodSecurity.RESTRICTED),
            entry("spec.topologySpreadConstraints", PodSecurity.RESTRICTED),
            entry("spec.terminationGracePeriodSeconds", PodSecurity.RESTRICTED),
            entry("spec.securityContext.runAsUser", PodSecurity.RESTRICTED),
            entry("spec.securityContext.runAsGroup", PodSecurity.RESTRICTED),
            entry("spec.securityContext.fsGroup", PodSecurity.RESTRICTED),
            entry("spec.securityContext.fsGroupChangePolicy", PodSecurity.RESTRICTED),
            entry("spec.securityContext.runAsNonRoot", PodSecurity.BASELINE),
            entry("spec.securityContext.seccompProfile", PodSecurity.BASELINE),
            entry(SERVER + ".resources", PodSecurity.RESTRICTED),
            entry(SERVER + ".resources.limits", PodSecurity.RESTRICTED),
            entry(SERVER + ".resources.limits.memory", PodSecurity.RESTRICTED),
            entry(SERVER + ".resources.requests", PodSecurity.RESTRICTED),
            entry(SERVER + ".resources.requests.cpu", PodSecurity.RESTRICTED),
            entry(SERVER + ".resources.requests.memory", PodSecurity.RESTRICTED),
            entry(SERVER + ".securityContext.readOnlyRootFilesystem", PodSecurity.RESTRICTED),
            entry(SERVER + ".securityContext.allowPrivilegeEscalation", PodSecurity.BASELINE),
            entry(SERVER + ".securityContext.capabilities", PodSecurity.BASELINE),
            entry(SERVER + ".securityContext.capabilities.drop", PodSecurity.BASELINE)));

    private static final Map<String, String> HINTS = Map.of(
            "spec.securityContext",
            "set each field to remove to null, such as runAsUser: null",
            SERVER + ".securityContext",
            "set each field to remove to null, such as readOnlyRootFilesystem: null",
            "spec.automountServiceAccountToken",
            "must be true or false: without a value Kubernetes mounts a token");

    private final PodSecurity level;

    public UnsetRule(PodSecurity level) {
        this.level = level;
    }

    @Override
    public void check(Mapping spec, Findings findings) {
        for (NullFields.Null each : NullFields.in(spec)) {
            objection(each.path()).ifPresent(why -> findings.violation(each.location(), each.field(), why));
        }
        List<YamlNode> unset = spec.items(NullFields.FIELD);
        for (int index = 0; index < unset.size(); index++) {
            if (unset.get(index) instanceof Scalar path) {
                String field = "spec." + NullFields.FIELD + "[" + index + "]";
                objection(path.text()).ifPresent(why -> findings.violation(path.location(), field, why));
            }
        }
    }

    private Optional<String> objection(String path) {
        PodSecurity needed = DEFAULTS.get(path);
        if (needed == null) {
            return Optional.of(HINTS.getOrDefault(
                    path,
                    "there is no default that can be removed here: remove it"
                            + Suggestion.didYouMean(path, DEFAULTS.keySet())));
        }
        return needed.within(level)
                ? Optional.empty()
                : Optional.of("the default cannot be removed: " + PodSecurityRule.forbidden(level));
    }
}
