package dev.ensembled.git.signature;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A list of patterns as in ssh_config(5): {@code *} and {@code ?} are wildcards, and a name that matches a pattern with
 * {@code !} does not match the list.
 */
record SshPatterns(List<String> patterns) {
    SshPatterns {
        patterns = List.copyOf(patterns);
        if (patterns.isEmpty() || patterns.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("a name in the list is empty");
        }
    }

    static SshPatterns of(String commaSeparated) {
        return new SshPatterns(
                Arrays.stream(commaSeparated.split(",", -1)).map(String::strip).toList());
    }

    boolean match(String name) {
        boolean matched = false;
        for (String pattern : patterns) {
            boolean negated = pattern.startsWith("!");
            if (matches(negated ? pattern.substring(1) : pattern, name)) {
                if (negated) {
                    return false;
                }
                matched = true;
            }
        }
        return matched;
    }

    private static boolean matches(String pattern, String name) {
        String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return Pattern.compile(regex, Pattern.DOTALL).matcher(name).matches();
    }

    @Override
    public String toString() {
        return String.join(",", patterns);
    }
}
