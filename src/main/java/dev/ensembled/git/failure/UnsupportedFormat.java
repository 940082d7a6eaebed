package dev.ensembled.git.failure;

import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.SourceFailedException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Messages for repositories that are intact but have a format that cannot be read. */
public final class UnsupportedFormat {
    private static final Pattern MISMATCH = Pattern.compile("mismatched object format: server (\\w+)");
    private static final Pattern LONG_ID = Pattern.compile("(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])");

    private UnsupportedFormat() {}

    public static String objects(String format) {
        return "object format " + format.toUpperCase(Locale.ROOT).replace("SHA256", "SHA-256")
                + " is not supported (supported: SHA-1)";
    }

    /** What the errors of a fetch reveal about the server's object format, if it is not the format of the client. */
    static Optional<String> ofServer(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage());
            Matcher mismatch = MISMATCH.matcher(text);
            if (mismatch.find()) {
                return Optional.of(objects(mismatch.group(1)));
            }
            if (LONG_ID.matcher(text).find()) {
                return Optional.of(objects("sha256"));
            }
        }
        return Optional.empty();
    }

    public static SourceFailedException of(GitSettings settings, String what) {
        return new SourceFailedException(
                "Repository " + settings.url() + " cannot be read: " + what,
                "Neither the repository nor the disk is damaged. Create a repository with \"git init"
                        + " --object-format=sha1\", and push the files to it.");
    }
}
