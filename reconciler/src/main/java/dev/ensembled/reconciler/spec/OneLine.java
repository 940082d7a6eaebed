package dev.ensembled.reconciler.spec;

import java.util.regex.Pattern;

/**
 * Text that somebody else chose, such as the name of a file or the message of a commit, as it may be shown: in a log, on a
 * terminal, on a page, in a status. It stays on its line, and cannot move the cursor, set colours, turn the direction of
 * writing or hide a part of itself.
 */
public final class OneLine {
    /** Control and format characters, separators of lines and paragraphs, and halves of surrogate pairs. */
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

    private OneLine() {}

    /** The text with a question mark for each character that is not fit to be shown. */
    public static String of(String text) {
        return text == null ? "" : UNFIT.matcher(text).replaceAll("?");
    }
}
