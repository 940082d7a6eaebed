package dev.ensembled.reconciler.spec.validation;

import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import dev.ensembled.reconciler.spec.yaml.YamlNode.ScalarKind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads numbers and booleans in the one spelling on which all YAML readers agree. YAML 1.1 also reads {@code yes},
 * {@code 010}, {@code 1_000} and {@code 1:30} as booleans and numbers, and YAML 1.2 does not.
 */
public final class Scalars {
    private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]*)");

    private static final Pattern FRACTION = Pattern.compile("-?(0|[1-9][0-9]*)\\.[0-9]+([eE][-+]?[0-9]{1,2})?");

    private Scalars() {}

    /** What to do about a spelling on which readers disagree; empty if the spelling is unambiguous. */
    public static Optional<String> ambiguity(Scalar scalar) {
        if (scalar.kind() == ScalarKind.BOOLEAN && !isBoolean(scalar)) {
            return Optional.of("YAML parsers disagree on whether " + scalar.text()
                    + " is a boolean: write true or false, or put it in quotes");
        }
        if (scalar.kind() == ScalarKind.INTEGER && !isInteger(scalar)) {
            return Optional.of("YAML parsers disagree on the value of " + scalar.text()
                    + ": write it in plain decimal digits, or put it in quotes");
        }
        if (scalar.kind() == ScalarKind.FLOAT && !isDecimal(scalar)) {
            return Optional.of("YAML parsers disagree on the value of " + scalar.text()
                    + ": write it in the form 1.5, or put it in quotes");
        }
        return Optional.empty();
    }

    /** Whether a field has no value. */
    public static boolean isNull(YamlNode node) {
        return node instanceof Scalar scalar && scalar.kind() == ScalarKind.NULL;
    }

    /** Whether a scalar is true. */
    public static boolean isTrue(Scalar scalar) {
        return isBoolean(scalar) && scalar.text().equals("true");
    }

    public static boolean isBoolean(Scalar scalar) {
        return scalar.kind() == ScalarKind.BOOLEAN
                && (scalar.text().equals("true") || scalar.text().equals("false"));
    }

    static boolean isInteger(Scalar scalar) {
        return scalar.kind() == ScalarKind.INTEGER
                && DECIMAL.matcher(scalar.text()).matches();
    }

    private static boolean isDecimal(Scalar scalar) {
        return scalar.kind() == ScalarKind.FLOAT
                && FRACTION.matcher(scalar.text()).matches();
    }

    /** The decimal number that a scalar represents; empty if it is not a number. */
    public static Optional<BigDecimal> decimal(Scalar scalar) {
        return isDecimal(scalar) ? Optional.of(new BigDecimal(scalar.text())) : Optional.empty();
    }

    /** The whole number that a scalar represents; empty if it is not a whole number. */
    public static Optional<BigInteger> integer(Scalar scalar) {
        return isInteger(scalar) ? Optional.of(new BigInteger(scalar.text())) : Optional.empty();
    }
}
