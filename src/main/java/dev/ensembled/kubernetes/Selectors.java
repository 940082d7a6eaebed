package dev.ensembled.kubernetes;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.Map;

/** Whether a label selector selects, by the rules of the Kubernetes API: an empty one selects everything, none nothing. */
final class Selectors {
    private Selectors() {}

    static boolean select(LabelSelector selector, Map<String, String> labels) {
        if (selector == null) {
            return false;
        }
        boolean all = selector.getMatchLabels() == null
                || selector.getMatchLabels().entrySet().stream()
                        .allMatch(wanted -> wanted.getValue().equals(labels.get(wanted.getKey())));
        return all && selector.getMatchExpressions().stream().allMatch(requirement -> meets(requirement, labels));
    }

    /** An operator that this version does not know counts as met: rather one budget too many than one too few. */
    private static boolean meets(LabelSelectorRequirement requirement, Map<String, String> labels) {
        String value = labels.get(requirement.getKey());
        return switch (requirement.getOperator()) {
            case "In" -> value != null && requirement.getValues().contains(value);
            case "NotIn" -> value == null || !requirement.getValues().contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> true;
        };
    }
}
