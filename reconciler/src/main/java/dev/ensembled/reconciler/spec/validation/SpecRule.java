package dev.ensembled.reconciler.spec.validation;

import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;

/**
 * A rule that the schema cannot express. A rule checks only values that are present, ignores missing values, and leaves
 * values of the wrong type to the schema, so that all violations of a document are found at once.
 */
public interface SpecRule {
    /**
     * Reports all violations of this rule.
     *
     * @param spec the value of the document's {@code spec}
     */
    void check(Mapping spec, Findings findings);
}
