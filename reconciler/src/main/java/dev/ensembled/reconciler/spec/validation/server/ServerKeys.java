package dev.ensembled.reconciler.spec.validation.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The keys that ZooKeeper reads, and from where: from zoo.cfg, from a system property that it derives from each other
 * key of zoo.cfg with the prefix {@code zookeeper.}, or from a system property of another name, which zoo.cfg cannot
 * set. Taken from the classes of the server, because the names in the administrator's guide are not always the names
 * that the server reads.
 */
final class ServerKeys {
    private static final String RESOURCE = "zoo-cfg-keys.txt";
    private static final String OLDEST = "3.8";
    private static final SortedMap<String, ServerKey> KEYS = new TreeMap<>();
    private static final SortedMap<String, String> HEADINGS = new TreeMap<>();

    static {
        load();
    }

    /** Where ZooKeeper reads a key. */
    enum Where {
        FILE,
        PROPERTY,
        JVM,
        ELSEWHERE
    }

    /**
     * One key.
     *
     * @param since the first minor version of ZooKeeper that reads the key
     */
    record ServerKey(String name, Where where, ValueKind kind, String since) {

        /** Whether a server of this version reads the key. */
        boolean isReadBy(String version) {
            return since.equals(OLDEST) || !version.startsWith(OLDEST + ".");
        }
    }

    private ServerKeys() {}

    static Optional<ServerKey> of(String name) {
        return Optional.ofNullable(KEYS.get(name));
    }

    /** The key that a heading of the administrator's guide describes, if the heading is not a key itself. */
    static Optional<String> ofHeading(String heading) {
        return Optional.ofNullable(HEADINGS.get(heading));
    }

    /** All names that may occur in zoo.cfg. */
    static SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>();
        KEYS.values().stream()
                .filter(key -> key.where() == Where.FILE || key.where() == Where.PROPERTY)
                .forEach(key -> names.add(key.name()));
        return names;
    }

    static SortedMap<String, ServerKey> all() {
        return Collections.unmodifiableSortedMap(KEYS);
    }

    static Map<String, String> headings() {
        return Collections.unmodifiableSortedMap(HEADINGS);
    }

    private static void load() {
        String section = "";
        for (String line : text().lines().toList()) {
            if (line.startsWith("[")) {
                section = line.substring(1, line.indexOf(']'));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                add(section, line.split(" "));
            }
        }
    }

    private static void add(String section, String... words) {
        if (section.equals("guide")) {
            HEADINGS.put(words[0], words[1]);
            return;
        }
        Where where = Where.valueOf(section.toUpperCase(java.util.Locale.ROOT));
        KEYS.put(
                words[0], new ServerKey(words[0], where, ValueKind.of(words[1]), words.length > 2 ? words[2] : OLDEST));
    }

    private static String text() {
        try (InputStream in = ServerKeys.class.getResourceAsStream(RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
