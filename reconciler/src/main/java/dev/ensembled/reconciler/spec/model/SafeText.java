package dev.ensembled.reconciler.spec.model;

import java.util.regex.Pattern;

/**
 * Text from outside, such as the name of a file or the message of a commit, in a form that is safe to show in a log, on
 * a terminal, on a page or in a status. It stays on one line, and cannot move the cursor, set colors, change the
 * direction of writing or hide a part of itself.
 */
public final class SafeText {
    /** Control and format characters, separators of lines and paragraphs, and halves of surrogate pairs. */
    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

    private SafeText() {}

    /** The text with a question mark for each character that is not safe to show. */
    public static String of(String text) {
        return text == null ? "" : UNSAFE.matcher(text).replaceAll("?");
    }
}
