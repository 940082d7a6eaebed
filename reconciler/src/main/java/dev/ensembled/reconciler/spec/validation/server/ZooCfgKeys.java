package dev.ensembled.reconciler.spec.validation.server;

import dev.ensembled.reconciler.spec.validation.Suggestion;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The keys of zoo.cfg that belong to ensembled, and the keys that the user may set. */
final class ZooCfgKeys {
    private static final String PORTS = "the Services and probes of ensembled rely on the port that it sets";
    private static final String TLS = "TLS is not supported by this version yet";
    private static final String SASL = "authentication between servers is not supported by this version yet";
    private static final String MEMBERSHIP = "the membership comes from spec.voters and spec.observers";

    /**
     * Keys that ensembled sets or forbids, with the reason; a key that ends in a dot stands for all keys with that
     * prefix.
     */
    private static final Map<String, String> OWNED = owned();

    /** Prefixes after which the name is free. */
    private static final List<String> OPEN_PREFIXES = List.of("authProvider.", "metricsProvider.");

    private static final Pattern SERVER_LINE = Pattern.compile("server\\.[0-9]+");

    private ZooCfgKeys() {}

    private static Map<String, String> owned() {
        Map<String, String> owned = new LinkedHashMap<>();
        String volumes = "it decides where the volumes are mounted";
        put(owned, volumes, "dataDir", "dataLogDir");
        put(owned, "it writes the initial membership, and the servers keep it", "dynamicConfigFile");
        put(owned, PORTS, "clientPort", "clientPortAddress");
        put(owned, TLS, "secureClientPort", "secureClientPortAddress", "ssl.", "sslQuorum", "sslQuorumReloadCertFiles");
        put(owned, TLS, "portUnification", "client.portUnification", "client.certReload");
        put(owned, SASL, "quorum.auth.");
        put(owned, "it sets it to false, so that an ensemble of one server can grow", "standaloneEnabled");
        put(owned, "it changes the membership by reconfiguration and sets it to true", "reconfigEnabled");
        put(owned, "it needs certain four-letter words, and leaves the others off", "4lw.commands.whitelist");
        put(owned, "it sets it to what the platform needs", "electionPortBindRetry", "quorumListenOnAllIPs");
        put(owned, MEMBERSHIP, "peerType", "electionAlg", "electionPort", "myid", "version", "server.");
        put(
                owned,
                "with no, the leader says that it does not serve, and nothing tells it from a server that has failed",
                "leaderServes");
        put(owned, "it would switch off access control for every client", "skipACL");
        put(
                owned,
                "the super user is its own, and its digest is a secret",
                "DigestAuthenticationProvider.",
                "superUser");
        put(owned, "the super user is its own", "X509AuthenticationProvider.superUser");
        put(owned, "the super user is its own, and this is a password", "SASLAuthenticationProvider.superPassword");
        put(
                owned,
                "ZooKeeper has it for its own tests, and it can lose data",
                "testingonly.initialZxid",
                "test.allowDiscontinuousProposals");
        put(owned, "a server on an empty volume could never start without it", "datadir.autocreate");
        String blank = "a server that lost its data must not vote, and this would let it";
        put(owned, blank, "db.autocreate", "snapshot.trust.empty");
        return owned;
    }

    private static void put(Map<String, String> owned, String reason, String... keys) {
        List.of(keys).forEach(key -> owned.put(key, reason));
    }

    /** Why a key may not be set; empty if it may. */
    static Optional<String> whyOwned(String key) {
        String exact = OWNED.get(key);
        if (exact != null) {
            return Optional.of(exact);
        }
        return OWNED.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(".") && key.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Whether ZooKeeper is known to read a key of zoo.cfg. */
    static boolean known(String key) {
        return ServerKeys.names().contains(key)
                || SERVER_LINE.matcher(key).matches()
                || VoteCountingRule.judges(key)
                || key.startsWith("authProvider.");
    }

    /** The objection to a key that the version of the spec does not read yet. */
    static Optional<String> tooNew(ServerKeys.ServerKey key, Mapping spec) {
        return spec.string("version")
                .map(Scalar::text)
                .filter(version -> !key.isReadBy(version))
                .map(version -> "ZooKeeper " + version + " does not read it, " + key.since()
                        + " and later do: remove it, or set version");
    }

    /** The key that was probably meant by an unknown one: a difference of case, or a keystroke in a long name. */
    static Optional<String> meant(String key) {
        Optional<String> prefix = OPEN_PREFIXES.stream()
                .filter(each -> key.regionMatches(true, 0, each, 0, each.length()) && !key.startsWith(each))
                .findFirst();
        if (prefix.isPresent()) {
            return prefix.map(each -> each + key.substring(each.length()));
        }
        Set<String> names = new TreeSet<>(ServerKeys.names());
        OWNED.keySet().stream().filter(name -> !name.endsWith(".")).forEach(names::add);
        return Suggestion.closest(key, names)
                .filter(name ->
                        key.length() > 5 || name.toLowerCase(Locale.ROOT).equals(key.toLowerCase(Locale.ROOT)));
    }
}
