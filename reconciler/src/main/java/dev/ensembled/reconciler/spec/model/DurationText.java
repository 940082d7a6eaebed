package dev.ensembled.reconciler.spec.model;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them in a spec: {@code 5s}, {@code 5m}, {@code 1h30m}, {@code 500ms}. Units are in
 * descending order and each occurs at most once, as Go and therefore Kubernetes print them.
 */
public final class DurationText {
    /**
     * The pattern that the schema accepts together with a minimum length. Numbers are limited so that none overflows.
     */
    public static final String PATTERN = "^([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?([0-9]{1,6}ms)?$";

    private static final Pattern COMPILED = Pattern.compile(PATTERN);

    private DurationText() {}

    /** The duration that a text represents; empty if it is not a duration. */
    public static Optional<Duration> parse(String text) {
        Matcher matcher = COMPILED.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofHours(amount(matcher.group(1), 1))
                .plusMinutes(amount(matcher.group(2), 1))
                .plusSeconds(amount(matcher.group(3), 1))
                .plusMillis(amount(matcher.group(4), 2)));
    }

    private static long amount(String part, int unitLength) {
        return part == null ? 0 : Long.parseLong(part.substring(0, part.length() - unitLength));
    }

    /** The shortest text for a duration that is not negative; fractions of a millisecond are dropped. */
    public static String format(Duration duration) {
        StringBuilder text = new StringBuilder();
        append(text, duration.toHours(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        append(text, duration.toMillisPart(), "ms");
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static void append(StringBuilder text, long amount, String unit) {
        if (amount > 0) {
            text.append(amount).append(unit);
        }
    }

    static final class Writer extends JsonSerializer<Duration> {
        @Override
        public void serialize(Duration value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(format(value));
        }
    }

    static final class Reader extends JsonDeserializer<Duration> {
        @Override
        public Duration deserialize(JsonParser in, DeserializationContext context) throws IOException {
            String text = in.getValueAsString("");
            return parse(text)
                    .orElseThrow(() -> context.weirdStringException(
                            text, Duration.class, "not a duration such as 5s, 5m or 1h30m"));
        }
    }
}
