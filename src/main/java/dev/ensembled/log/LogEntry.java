package dev.ensembled.log;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;

/**
 * One line of the log: a constant message, by which it is found, and keys with values, in the order of {@link LogKey}. A value
 * with other characters than those of a word is in quotes, with a backslash before quotes and backslashes. Immutable.
 *
 * @param message constant, without values
 */
public record LogEntry(String message, Map<LogKey, String> values) {
    private static final String FORMAT = "%s";

    public LogEntry {
        EnumMap<LogKey, String> copy = new EnumMap<>(LogKey.class);
        copy.putAll(values);
        values = Collections.unmodifiableMap(copy);
    }

    /** An entry without values. */
    public static LogEntry of(String message) {
        return new LogEntry(message, Map.of());
    }

    /** This entry with a value; without this key if the value is null, an empty {@link Optional} or an empty text. */
    public LogEntry with(LogKey key, Object value) {
        Object present = value instanceof Optional<?> optional ? optional.orElse(null) : value;
        EnumMap<LogKey, String> all = new EnumMap<>(LogKey.class);
        all.putAll(values);
        if (present == null || present.toString().isEmpty()) {
            all.remove(key);
        } else {
            all.put(key, present.toString());
        }
        return new LogEntry(message, all);
    }

    /** This entry with other values, such as values without secrets. */
    public LogEntry map(UnaryOperator<String> change) {
        return new LogEntry(
                message,
                values.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> change.apply(entry.getValue()))));
    }

    /** The values by the keys as they are written. */
    public Map<String, String> fields() {
        return values.entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().toString(), Map.Entry::getValue));
    }

    public void debug(Logger logger) {
        logger.debugf(FORMAT, this);
    }

    public void info(Logger logger) {
        logger.infof(FORMAT, this);
    }

    public void warn(Logger logger) {
        logger.warnf(FORMAT, this);
    }

    public void error(Logger logger) {
        logger.errorf(FORMAT, this);
    }

    /**
     * Logs at a level that depends on the case.
     *
     * @param thrown logged with its stack trace; null for none
     */
    public void log(Logger logger, Level level, Throwable thrown) {
        logger.logf(level, thrown, FORMAT, this);
    }

    /** The line: the message, then each key with its value. */
    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(entry -> " " + entry.getKey() + "=" + quoted(entry.getValue()))
                .collect(Collectors.joining("", message, ""));
    }

    private static String quoted(String value) {
        boolean word = value.chars().noneMatch(one -> one <= ' ' || one == '"' || one == '=' || one == '\\');
        return word ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
