package dev.ensembled.reconciler.spec.yaml;

import java.util.Optional;

/**
 * Refuses characters that a YAML escape can produce but that are lost or misread on the way to a server: halves of
 * surrogate pairs, which no encoding can hold, and control characters other than tabs and line breaks.
 */
final class Characters {
    private Characters() {}

    static Optional<String> objection(String text) {
        return text.codePoints()
                .filter(Characters::isRefused)
                .mapToObj(code -> "the character U+%04X is not allowed in a value: remove it".formatted(code))
                .findFirst();
    }

    /**
     * Whether a code point is refused. The stream combines a proper pair into one code point, so that a surrogate here
     * is half of a pair.
     */
    private static boolean isRefused(int code) {
        boolean control = Character.getType(code) == Character.CONTROL && code != '\t' && code != '\n' && code != '\r';
        return control || Character.getType(code) == Character.SURROGATE;
    }
}
