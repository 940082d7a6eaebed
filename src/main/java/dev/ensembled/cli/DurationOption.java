package dev.ensembled.cli;

import dev.ensembled.reconciler.spec.model.DurationText;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A duration in the form of the spec, such as {@code 90s} or {@code 10m}. */
final class DurationOption implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        return DurationText.parse(text)
                .orElseThrow(
                        () -> new TypeConversionException("must be a duration such as 90s, 10m or 2h, not " + text));
    }
}
