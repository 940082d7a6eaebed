package dev.ensembled.git.settings;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The single place through which every text from a URL, a Git server, JGit or an exception passes before it reaches the log,
 * the status, health, the page or an event. It removes:
 *
 * <ul>
 *   <li>the secrets that this process has read, in the forms in which a server may send them back;
 *   <li>the user information, query and fragment of every URL, whatever its origin;
 *   <li>the values of parameters that are named like a secret.
 * </ul>
 *
 * <p>The log is formatted outside of the objects of ensembled, so that the known secrets are static. Thread-safe.
 */
public final class Redaction {
    private static final String MASK = "***";
    private static final int SHORTEST = 4;
    private static final int MOST = 64;
    private static final String ENDS_A_URL = "\"'<>`,;()[]{}|";
    private static final Pattern LIKE_SCP =
            Pattern.compile("(?<![\\w.+%-])[\\w.+%-]{1,256}:[^\\s@/]{1,256}@(?=[\\w\\[])");
    private static final Pattern PARAMETER =
            Pattern.compile("(?i)((?:token|passw(?:or)?d|passphrase|secret|api[_-]?key)=)[^\\s&\"'),;]+");
    private static final Deque<String> SECRETS = new ArrayDeque<>();

    private Redaction() {}

    /** Removes this secret from every text from now on. Only the most recent secrets are kept. */
    public static void learn(String user, String secret) {
        remember(secret);
        remember(URLEncoder.encode(secret, StandardCharsets.UTF_8));
        remember(base64(secret));
        remember(base64(user + ":" + secret));
    }

    private static String base64(String text) {
        return Base64.getEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A shorter text is not a secret, and its removal would make other text unreadable. */
    private static void remember(String secret) {
        if (secret.length() < SHORTEST) {
            return;
        }
        synchronized (SECRETS) {
            SECRETS.remove(secret);
            SECRETS.addLast(secret);
            if (SECRETS.size() > MOST) {
                SECRETS.removeFirst();
            }
        }
    }

    private static List<String> longestFirst() {
        synchronized (SECRETS) {
            return SECRETS.stream()
                    .sorted(Comparator.comparingInt(String::length).reversed())
                    .toList();
        }
    }

    /** The text without secrets, which every reader may see; null stays null. */
    public static String text(String text) {
        if (text == null) {
            return null;
        }
        String result = text;
        for (String secret : longestFirst()) {
            result = result.replace(secret, MASK);
        }
        result = withPlainUrls(result);
        result = LIKE_SCP.matcher(result).replaceAll("");
        return PARAMETER.matcher(result).replaceAll("$1" + MASK);
    }

    private static String withPlainUrls(String text) {
        StringBuilder result = new StringBuilder();
        int from = 0;
        for (int at = text.indexOf("://"); at >= 0; at = text.indexOf("://", from)) {
            int start = at + "://".length();
            int end = endOfUrl(text, start);
            boolean file = text.startsWith("file", Math.max(0, at - "file".length()));
            String rest = text.substring(start, end);
            result.append(text, from, start).append(file ? rest : plain(rest));
            from = end;
        }
        return result.append(text, from, text.length()).toString();
    }

    private static int endOfUrl(String text, int start) {
        int end = start;
        while (end < text.length() && !endsUrl(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean endsUrl(char one) {
        return Character.isWhitespace(one) || ENDS_A_URL.indexOf(one) >= 0;
    }

    /** The part after the last @, since a password may contain / ? or # without escapes; then without query and fragment. */
    private static String plain(String rest) {
        String address = rest.substring(rest.lastIndexOf('@') + 1);
        int extra = 0;
        while (extra < address.length() && address.charAt(extra) != '?' && address.charAt(extra) != '#') {
            extra++;
        }
        return address.substring(0, extra);
    }
}
