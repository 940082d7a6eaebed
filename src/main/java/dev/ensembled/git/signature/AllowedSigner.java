package dev.ensembled.git.signature;

import dev.ensembled.git.settings.SourceFailedException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of {@code allowed_signers}, as ssh-keygen(1) describes it: principals, options, key.
 *
 * @param principals patterns, separated by commas
 * @param authority whether the key signs certificates instead of objects
 * @param namespaces patterns of the namespaces for which the key may sign; empty for all
 * @param validAfter not before this time
 * @param validBefore not after this time
 */
record AllowedSigner(
        SshPatterns principals,
        boolean authority,
        Optional<SshPatterns> namespaces,
        Optional<Instant> validAfter,
        Optional<Instant> validBefore,
        SshPublicKeyText key) {
    private static final Pattern LINE = Pattern.compile("(\"[^\"]+\"|[^\\s\"]+)[ \\t]+(.+)");
    private static final Pattern OPTIONS = Pattern.compile(
            "((?:[a-z-]+(?:=\"[^\"]*\")?)(?:,[a-z-]+(?:=\"[^\"]*\")?)*)[ \\t]+(.+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern OPTION =
            Pattern.compile("([a-z-]+)(?:=\"([^\"]*)\")?(?:,|$)", Pattern.CASE_INSENSITIVE);
    private static final Set<String> KNOWN = Set.of("cert-authority", "namespaces", "valid-after", "valid-before");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    /** Reads a file. A line that cannot be read is an error: it may limit what a key may sign. */
    static List<AllowedSigner> read(KeyFile file) throws SourceFailedException {
        List<AllowedSigner> all = new ArrayList<>();
        int number = 0;
        for (String line :
                new String(file.content(), StandardCharsets.UTF_8).lines().toList()) {
            number++;
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            try {
                all.add(parse(line.strip()));
            } catch (IllegalArgumentException | DateTimeException e) {
                throw file.invalid(
                        "has an invalid line " + number + ": " + e.getMessage(),
                        "Each line must have the form \"PRINCIPALS [OPTIONS] TYPE KEY\" (ssh-keygen(1), ALLOWED SIGNERS),"
                                + " such as \"alice@example.org namespaces=\\\"git\\\" ssh-ed25519 AAAA...\".");
            }
        }
        return all;
    }

    static AllowedSigner parse(String line) {
        Matcher parts = LINE.matcher(line);
        require(parts.matches(), "expected principals and a key");
        SshPatterns principals = SshPatterns.of(parts.group(1).replace("\"", ""));
        String rest = parts.group(2);
        Optional<SshPublicKeyText> key = SshPublicKeyText.at(rest);
        Map<String, String> options = Map.of();
        if (key.isEmpty()) {
            Matcher split = OPTIONS.matcher(rest);
            key = split.matches() ? SshPublicKeyText.at(split.group(2)) : Optional.empty();
            require(key.isPresent(), "no public key found");
            options = options(split.group(1));
        }
        return new AllowedSigner(
                principals,
                options.containsKey("cert-authority"),
                Optional.ofNullable(options.get("namespaces")).map(SshPatterns::of),
                Optional.ofNullable(options.get("valid-after")).map(AllowedSigner::time),
                Optional.ofNullable(options.get("valid-before")).map(AllowedSigner::time),
                key.get());
    }

    private static Map<String, String> options(String text) {
        Map<String, String> options = new HashMap<>();
        for (Matcher each = OPTION.matcher(text); each.find(); ) {
            String name = each.group(1).toLowerCase(Locale.ROOT);
            String value = each.group(2);
            require(KNOWN.contains(name), "unknown option \"" + name + "\"");
            require(
                    name.equals("cert-authority") == (value == null),
                    "option \"" + name + "\" "
                            + (value == null ? "requires a value in double quotes" : "has no value"));
            require(!options.containsKey(name), "option \"" + name + "\" is given twice");
            options.put(name, value == null ? "" : value);
        }
        return options;
    }

    /** {@code YYYYMMDD}, {@code YYYYMMDDHHMM} or {@code YYYYMMDDHHMMSS}, with or without {@code Z}; always in UTC. */
    private static Instant time(String text) {
        String digits = text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
        require(
                digits.matches("\\d{8}|\\d{12}|\\d{14}"),
                "invalid time \"" + text + "\": expected YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS");
        String complete = digits + "00000000000000".substring(digits.length());
        return LocalDateTime.parse(complete, TIME).toInstant(ZoneOffset.UTC);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
