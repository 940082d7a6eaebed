package dev.ensembled.git.settings;

/** Makes text fit for logs and pages: one line of limited length, without secrets or control characters. */
public final class DisplayText {
    private static final int LONGEST = 300;
    private static final int LONGEST_SENTENCES = 1_500;

    private DisplayText() {}

    /** Returns text from outside, such as the message of a library or of a server. */
    public static String oneLine(String text) {
        return shortened(text, LONGEST);
    }

    /** Returns a message of ensembled, which is longer and may contain text from outside. */
    public static String sentences(String text) {
        return shortened(text, LONGEST_SENTENCES);
    }

    private static String shortened(String text, int longest) {
        String clean = Redaction.text(text)
                .replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]+", " ")
                .strip();
        return clean.length() <= longest ? clean : clean.substring(0, longest) + "…";
    }
}
