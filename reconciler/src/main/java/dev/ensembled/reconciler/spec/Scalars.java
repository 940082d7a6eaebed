package dev.ensembled.reconciler.spec;

import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import dev.ensembled.reconciler.spec.yaml.YamlNode.ScalarKind;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads numbers and booleans in the one spelling in which every YAML reader agrees. YAML 1.1 also takes {@code yes},
 * {@code 010}, {@code 1_000} and {@code 1:30} for booleans and numbers, and YAML 1.2 does not.
 */
final class Scalars {
    private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]*)");

    private Scalars() {}

    /** What to do about a spelling that readers disagree on; empty if there is nothing to do. */
    static Optional<String> ambiguity(Scalar scalar) {
        if (scalar.kind() == ScalarKind.BOOLEAN && !isBoolean(scalar)) {
            return Optional.of("YAML readers disagree on whether " + scalar.text()
                    + " is a boolean: write true or false, or put it in quotes");
        }
        if (scalar.kind() == ScalarKind.INTEGER && !isInteger(scalar)) {
            return Optional.of("YAML readers disagree on what number " + scalar.text()
                    + " is: write it in plain decimal digits, or put it in quotes");
        }
        return Optional.empty();
    }

    static boolean isBoolean(Scalar scalar) {
        return scalar.kind() == ScalarKind.BOOLEAN
                && (scalar.text().equals("true") || scalar.text().equals("false"));
    }

    static boolean isInteger(Scalar scalar) {
        return scalar.kind() == ScalarKind.INTEGER
                && DECIMAL.matcher(scalar.text()).matches();
    }

    /** The number that a scalar stands for; empty if it is none. */
    static Optional<BigInteger> integer(Scalar scalar) {
        return isInteger(scalar) ? Optional.of(new BigInteger(scalar.text())) : Optional.empty();
    }
}
