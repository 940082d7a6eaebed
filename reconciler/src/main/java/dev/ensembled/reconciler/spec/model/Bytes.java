package dev.ensembled.reconciler.spec.model;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/** Parses sizes as Kubernetes writes them. */
public final class Bytes {
    private static final Pattern FORM = Pattern.compile(EnsembleSpec.BYTES_PATTERN);
    private static final Pattern QUANTITY = Pattern.compile("[0-9]{1,15}(\\.[0-9]{1,9})?(m|k|M|G|T|Ki|Mi|Gi|Ti)?");

    private Bytes() {}

    /** The number of bytes of a size in our own fields; empty if the text is not a size. */
    public static Optional<BigDecimal> of(String text) {
        return FORM.matcher(text).matches() ? Optional.of(amount(text)) : Optional.empty();
    }

    /**
     * The number of bytes of a quantity in a Kubernetes field, in the usual forms; empty if the text has none of them.
     */
    public static Optional<BigDecimal> ofQuantity(String text) {
        return QUANTITY.matcher(text).matches() ? Optional.of(amount(text)) : Optional.empty();
    }

    private static BigDecimal amount(String text) {
        return Quantity.getAmountInBytes(Quantity.parse(text));
    }
}
