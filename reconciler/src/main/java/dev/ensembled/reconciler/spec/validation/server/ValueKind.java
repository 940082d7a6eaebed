package dev.ensembled.reconciler.spec.validation.server;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The kind of value that ZooKeeper expects for a key. With some values of another kind ZooKeeper does not start, and
 * with others it silently uses its default.
 */
enum ValueKind {
    INT("int", "-?(0|[1-9][0-9]{0,9})", "a whole number"),
    LONG("long", "-?(0|[1-9][0-9]{0,17})", "a whole number"),
    NUMBER("number", "-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,17})?", "a number"),
    BOOLEAN("boolean", "true|false", "true or false"),
    YES_NO("yes-no", "yes|no", "\"yes\" or \"no\", in quotes"),
    COMPRESSION("compression", "gz|snappy", "gz or snappy"),
    CLASS("class", "[A-Za-z_$][\\w$]*(\\.[A-Za-z_$][\\w$]*)*", "the fully qualified name of a class"),
    TEXT("text", ".*", "a string");

    private final String word;
    private final Pattern form;
    private final String wanted;

    ValueKind(String word, String form, String wanted) {
        this.word = word;
        this.form = Pattern.compile(form);
        this.wanted = wanted;
    }

    static ValueKind of(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no kind of value: " + word));
    }

    /** What is wrong with a value, for people; empty if it is valid. */
    Optional<String> objection(String value) {
        boolean fits =
                form.matcher(value).matches() && (this != INT || Long.parseLong(value) == (int) Long.parseLong(value));
        return fits ? Optional.empty() : Optional.of("must be " + wanted);
    }
}
