package dev.ensembled.reconciler.desired;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * The configuration of the servers of one ensemble. It is the same for all of them: only the myid of each server
 * differs.
 *
 * @param settings the static part, zoo.cfg, by key in a fixed order; the membership is separate, because the servers
 *     keep it
 */
public record ServerConfig(SortedMap<String, String> settings) {

    /** The four-letter words that ensembled and its probes use; all others stay off. */
    public static final String FOUR_LETTER_WORDS = "conf,mntr,ruok,srvr";

    public ServerConfig {
        settings = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }

    /**
     * The part of the configuration that the platform decides.
     *
     * @param settings keys that depend on the platform, such as dataDir and dynamicConfigFile; they override defaults
     * @param endpoint returns where the server with an id is found
     */
    public record Layout(Map<String, String> settings, IntFunction<Endpoint> endpoint) {}

    /** Where peers and clients find one server. */
    public record Endpoint(String host, int quorumPort, int electionPort, String clientBind, int clientPort) {}

    /** Combines the defaults, then the user's keys, then the keys that the platform and ensembled own. */
    public static ServerConfig of(Desired desired, Layout layout) {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("tickTime", "2000");
        settings.put("initLimit", "10");
        settings.put("syncLimit", "5");
        // A new leader may have another address than its name still resolves to; ZooKeeper retries that address for as
        // long as initLimit, which also limits the transfer of the data, before it resolves the name again.
        settings.put("connectToLearnerMasterLimit", "3");
        settings.put("autopurge.snapRetainCount", "3");
        settings.put("autopurge.purgeInterval", "1");
        settings.put("admin.enableServer", "false");
        settings.putAll(desired.spec().config());
        settings.keySet().removeIf(Desired::ofMembership);
        ServerMetrics.of(desired.spec()).ifPresent(metrics -> settings.putAll(metrics.settings()));
        settings.putAll(layout.settings());
        settings.put("4lw.commands.whitelist", FOUR_LETTER_WORDS);
        settings.put("standaloneEnabled", "false");
        settings.put("reconfigEnabled", "true");
        // A server that lost its data must not vote with an empty database (docs/invariants.md, rule 10).
        settings.put("db.autocreate", "false");
        return new ServerConfig(settings);
    }

    /** Returns the text of zoo.cfg, which ZooKeeper reads as Java properties: in ISO 8859-1 with escapes. */
    public String zooCfg() {
        StringBuilder text = new StringBuilder();
        settings.forEach((key, value) ->
                text.append(key).append('=').append(escaped(value)).append('\n'));
        return text.toString();
    }

    private static String escaped(String value) {
        StringBuilder ascii = new StringBuilder();
        value.chars().forEach(unit -> ascii.append(unit < 0x7F ? Character.toString(unit) : "\\u%04X".formatted(unit)));
        return ascii.toString();
    }
}
