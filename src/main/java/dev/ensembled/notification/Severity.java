package dev.ensembled.notification;

import java.util.Locale;

/** How much a notification matters, from least to most. */
public enum Severity {
    /** What happens as planned. */
    INFO,
    /** A person has to decide, and nothing is wrong. */
    WARNING,
    /** Something is wrong that does not end by itself. */
    ERROR;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
