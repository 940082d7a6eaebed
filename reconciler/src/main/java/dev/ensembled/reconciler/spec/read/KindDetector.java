package dev.ensembled.reconciler.spec.read;

import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides whether a text that is not read as an ensemble mentions one. It is the only place that decides this, for
 * files that cannot be parsed and for leftovers of an ensemble in files of other kinds.
 *
 * <p>There are two questions, because a text may contain an ensemble without being an ensemble (a definition, a
 * ConfigMap with an example):
 *
 * <ul>
 *   <li>{@link #isOurs}: a line of the document itself, not of content nested in it, gives our kind or group.
 *   <li>{@link #mention}: our kind or group is given anywhere, in any wrapper, quoting or comment.
 * </ul>
 *
 * Takes time in proportion to the length of the text.
 */
final class KindDetector {
    private static final String VALUE =
            "(?:\\b" + ZooKeeperEnsemble.KIND + "\\b|\\b" + Pattern.quote(ZooKeeperEnsemble.GROUP) + "/)";
    private static final Pattern LINE = Pattern.compile(
            "^([ \\t]*)[\"']?(?:kind|apiVersion)[\"']?[ \\t]*:[^\\n#]{0,200}?" + VALUE, Pattern.MULTILINE);
    private static final Pattern ANYWHERE =
            Pattern.compile("\\b(?:kind|apiVersion)[\\\\\"']{0,6}\\s{0,8}:[^\\n]{0,200}?" + VALUE);
    private static final Pattern START = Pattern.compile("^---[ \\t]+(?=\\S)");
    private static final Pattern FIRST = Pattern.compile("^([ \\t]*)(?!---(?:\\s|$)|#|%)(\\S\\S?)", Pattern.MULTILINE);

    private KindDetector() {}

    /** Whether a document declares itself to be of our kind or group, as far as its text shows. */
    static boolean isOurs(String text) {
        String document = START.matcher(text).replaceFirst("");
        Matcher first = FIRST.matcher(document);
        if (!first.find()) {
            return false;
        }
        if (first.group(2).startsWith("{") && !first.group(2).equals("{{")) {
            return ANYWHERE.matcher(document).find();
        }
        Matcher line = LINE.matcher(document);
        while (line.find()) {
            if (line.group(1).equals(first.group(1))) {
                return true;
            }
        }
        return false;
    }

    /** The offset at which a text gives our kind or group as the kind of a resource, its own or a nested one. */
    static OptionalInt mention(String text) {
        Matcher matcher = ANYWHERE.matcher(text);
        return matcher.find() ? OptionalInt.of(matcher.start()) : OptionalInt.empty();
    }
}
