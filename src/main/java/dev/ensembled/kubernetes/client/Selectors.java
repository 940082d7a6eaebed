package dev.ensembled.kubernetes.client;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.Map;

/**
 * Evaluates label selectors by the rules of the Kubernetes API: an empty selector selects everything, an absent one
 * nothing.
 */
public final class Selectors {
    private Selectors() {}

    public static boolean select(LabelSelector selector, Map<String, String> labels) {
        if (selector == null) {
            return false;
        }
        boolean all = selector.getMatchLabels() == null
                || selector.getMatchLabels().entrySet().stream()
                        .allMatch(wanted -> wanted.getValue().equals(labels.get(wanted.getKey())));
        return all && selector.getMatchExpressions().stream().allMatch(requirement -> meets(requirement, labels));
    }

    /** Treats an operator that this version does not know as met: one budget too many is safer than one too few. */
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
