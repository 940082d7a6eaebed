package dev.ensembled.zookeeper;

import dev.ensembled.reconciler.observed.Membership;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Parses the answer of a server to {@code conf}: its settings, the line "membership:", and the membership. It has no
 * side effects.
 */
final class ConfResponse {
    private static final String MEMBERSHIP = "membership:";
    private static final Pattern SETTING = Pattern.compile("(?m)^([A-Za-z][\\w.]*)=(.*)$");
    private static final Pattern MEMBER = Pattern.compile("(?m)^server\\.(\\d{1,9})=([^;\\r\\n]+)");
    private static final Pattern GROUP = Pattern.compile("(?m)^group\\.(\\d{1,9})=(\\d{1,9}(?::\\d{1,9})*)$");
    private static final Pattern WEIGHT = Pattern.compile("(?m)^weight\\.(\\d{1,9})=(\\d{1,9})$");

    /** Keys that are measured and not configured: they would differ from one read to the next. */
    private static final Set<String> MEASURED = Set.of("dataDirSize", "dataLogSize");

    private ConfResponse() {}

    /** Returns the key=value lines above the membership, by ZooKeeper's names. */
    static Map<String, String> settings(String conf) {
        Map<String, String> settings = new HashMap<>();
        SETTING.matcher(conf.substring(0, startOfMembership(conf)))
                .results()
                .filter(line -> !MEASURED.contains(line.group(1)))
                .forEach(line -> settings.put(line.group(1), line.group(2).strip()));
        return settings;
    }

    /**
     * Returns the voters and observers; where votes are counted by groups, also the groups, and the weights that are
     * not 1.
     */
    static Membership membership(String conf, long version) {
        String text = conf.substring(startOfMembership(conf));
        Set<Integer> voters = new HashSet<>();
        Set<Integer> observers = new HashSet<>();
        MEMBER.matcher(text).results().forEach(line -> {
            boolean observer = line.group(2).endsWith(":observer");
            (observer ? observers : voters).add(number(line, 1));
        });
        Map<Integer, Integer> groups = new HashMap<>();
        GROUP.matcher(text).results().forEach(line -> {
            for (String server : line.group(2).split(":", -1)) {
                groups.put(Integer.valueOf(server), number(line, 1));
            }
        });
        Map<Integer, Integer> weights = new HashMap<>();
        WEIGHT.matcher(text)
                .results()
                .filter(line -> number(line, 2) != 1)
                .forEach(line -> weights.put(number(line, 1), number(line, 2)));
        return new Membership(version, voters, observers, groups, weights);
    }

    private static int startOfMembership(String conf) {
        int start = conf.indexOf(MEMBERSHIP);
        return start < 0 ? conf.length() : start;
    }

    private static int number(MatchResult line, int group) {
        return Integer.parseInt(line.group(group));
    }
}
