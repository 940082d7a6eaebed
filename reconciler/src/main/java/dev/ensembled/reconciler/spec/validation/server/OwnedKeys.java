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
final class OwnedKeys {
    private static final String PORTS = "Services and probes depend on the port";
    private static final String TLS = "TLS is not supported yet";
    private static final String SASL = "authentication between servers is not supported yet";
    private static final String MEMBERSHIP = "the membership is set by spec.voters and spec.observers";

    /**
     * Keys that ensembled sets or forbids, with the reason; a key that ends in a dot stands for all keys with that
     * prefix.
     */
    private static final Map<String, String> OWNED = owned();

    /** Prefixes after which the name is free. */
    private static final List<String> PREFIXES = List.of("authProvider.", "metricsProvider.");

    private static final Pattern SERVER_LINE = Pattern.compile("server\\.[0-9]+");

    private OwnedKeys() {}

    private static Map<String, String> owned() {
        Map<String, String> owned = new LinkedHashMap<>();
        String volumes = "the mount paths of the volumes are fixed";
        put(owned, volumes, "dataDir", "dataLogDir");
        put(owned, "it contains the initial membership, and the servers update it", "dynamicConfigFile");
        put(owned, PORTS, "clientPort", "clientPortAddress");
        put(owned, TLS, "secureClientPort", "secureClientPortAddress", "ssl.", "sslQuorum", "sslQuorumReloadCertFiles");
        put(owned, TLS, "portUnification", "client.portUnification", "client.certReload");
        put(owned, SASL, "quorum.auth.");
        put(owned, "it is set to false, so that an ensemble of one server can grow", "standaloneEnabled");
        put(owned, "it is set to true, since the membership is changed by reconfiguration", "reconfigEnabled");
        put(owned, "only the required four-letter words are enabled", "4lw.commands.whitelist");
        put(owned, "the value depends on the platform", "electionPortBindRetry", "quorumListenOnAllIPs");
        put(owned, MEMBERSHIP, "peerType", "electionAlg", "electionPort", "myid", "version", "server.");
        put(
                owned,
                "with no, the leader reports that it is not serving, and cannot be distinguished from a failed server",
                "leaderServes");
        put(owned, "it would disable access control for all clients", "skipACL");
        put(
                owned,
                "only ensembled uses the super user, and the digest is a secret",
                "DigestAuthenticationProvider.",
                "superUser");
        put(owned, "only ensembled uses the super user", "X509AuthenticationProvider.superUser");
        put(
                owned,
                "only ensembled uses the super user, and the value is a password",
                "SASLAuthenticationProvider.superPassword");
        put(
                owned,
                "it is meant for the tests of ZooKeeper, and can lose data",
                "testingonly.initialZxid",
                "test.allowDiscontinuousProposals");
        put(owned, "a server with an empty volume cannot start without it", "datadir.autocreate");
        String blank = "it would allow a server to vote that has lost its data";
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
                || VoteCountingRule.isVoteCountingKey(key)
                || key.startsWith("authProvider.");
    }

    /** The objection to a key that the version of the spec does not read yet. */
    static Optional<String> tooNew(ServerKeys.ServerKey key, Mapping spec) {
        return spec.string("version")
                .map(Scalar::text)
                .filter(version -> !key.isReadBy(version))
                .map(version -> "ZooKeeper " + version + " does not support it, " + key.since()
                        + " and later do: remove it, or change version");
    }

    /** The key that was probably meant by an unknown one: a difference of case, or a keystroke in a long name. */
    static Optional<String> suggestion(String key) {
        Optional<String> prefix = PREFIXES.stream()
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
