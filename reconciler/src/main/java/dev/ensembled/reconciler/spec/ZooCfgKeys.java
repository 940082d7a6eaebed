package dev.ensembled.reconciler.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What is known of the keys of zoo.cfg, from ZooKeeper's administrator's guide and its QuorumPeerConfig. */
final class ZooCfgKeys {
    private static final String PORTS = "the Services and probes of ensembled rely on the port that it sets";
    private static final String TLS = "TLS is not supported by this version yet";
    private static final String SASL = "authentication between servers is not supported by this version yet";
    private static final String MEMBERSHIP = "the membership comes from spec.voters and spec.observers";

    /** Keys that ensembled sets or forbids, with why; a key that ends in a dot stands for all that begin with it. */
    private static final Map<String, String> OWNED = owned();

    private static final Pattern SERVER_LINE = Pattern.compile("server\\.[0-9]+");

    private static final Set<String> KNOWN =
            Set.of(("tickTime initLimit syncLimit connectToLearnerMasterLimit maxClientCnxns minSessionTimeout"
                            + " maxSessionTimeout clientPortListenBacklog localSessionsEnabled"
                            + " localSessionsUpgradingEnabled syncEnabled observerMasterPort cnxTimeout"
                            + " autopurge.snapRetainCount autopurge.purgeInterval snapCount preAllocSize"
                            + " commitLogCount snapSizeLimitInKb txnLogSizeLimitInKb globalOutstandingLimit"
                            + " globalSessionTrackerEnabled forceSync fsync.warningthresholdms warningthresholdms"
                            + " maxCnxns maxResponseCacheSize maxGetChildrenResponseCacheSize"
                            + " admin.enableServer admin.serverPort admin.serverAddress admin.idleTimeout"
                            + " admin.commandURL admin.portUnification admin.rateLimiterIntervalInMS"
                            + " admin.snapshot.enabled admin.restore.enabled admin.needClientAuth"
                            + " metricsProvider.className metricsProvider.httpHost metricsProvider.httpPort"
                            + " metricsProvider.exportJvmInfo metricsProvider.numWorkerThreads"
                            + " metricsProvider.maxQueueSize metricsProvider.workerShutdownTimeoutMs"
                            + " jvm.pause.monitor jvm.pause.sleep.time.ms jvm.pause.info-threshold.ms"
                            + " jvm.pause.warn-threshold.ms multiAddress.enabled"
                            + " multiAddress.reachabilityCheckEnabled multiAddress.reachabilityCheckTimeoutMs"
                            + " oraclePath extendedTypesEnabled readonlymode.enabled audit.enable audit.impl.class"
                            + " request_throttler.shutdownTimeout requestThrottleLimit requestThrottleStallTime"
                            + " requestThrottleDropStale requestStaleLatencyCheck requestStaleConnectionCheck"
                            + " throttledOpWaitTime nio.numSelectorThreads nio.numWorkerThreads"
                            + " nio.sessionlessCnxnTimeout nio.directBufferBytes nio.shutdownTimeout commitProcessor.numWorkerThreads"
                            + " commitProcessor.shutdownTimeout serverCnxnFactory"
                            + " netty.server.outstandingHandshake.limit netty.advancedFlowControl.enabled"
                            + " learner.asyncSending learner.closeSocketAsync leader.closeSocketAsync"
                            + " forward_learner_requests_to_commit_processor_disabled serializeLastProcessedZxid.enabled"
                            + " jute.maxbuffer jute.maxbuffer.extrasize snapshot.compression.method digest.enabled"
                            + " watchManagerName watcherCleanThreadsNum watcherCleanThreshold"
                            + " watcherCleanIntervalInSeconds maxInProcessingDeadWatchers bitHashCacheSize"
                            + " fastleader.minNotificationInterval fastleader.maxNotificationInterval"
                            + " enforce.auth.enabled enforce.auth.schemes sessionRequireClientSASLAuth"
                            + " allowSaslFailedClients enableEagerACLCheck enforceQuota tcpKeepAlive"
                            + " advancedFlowControlEnabled connectionMaxTokens connectionTokenFillTime"
                            + " connectionTokenFillCount connectionFreezeTime connectionDropIncrease"
                            + " connectionDropDecrease connectionDecreaseRatio globalSessionWeight localSessionWeight"
                            + " renewSessionWeight authProvider.sasl authProvider.x509 quorum.cnxn.threads.size"
                            + " observer.reconnectDelayMs observer.election.DelayMs")
                    .split(" "));

    private ZooCfgKeys() {}

    private static Map<String, String> owned() {
        Map<String, String> owned = new LinkedHashMap<>();
        String volumes = "it decides where the volumes are mounted";
        put(owned, volumes, "dataDir", "dataLogDir");
        put(owned, "it writes the initial membership, and the servers keep it", "dynamicConfigFile");
        put(owned, PORTS, "clientPort", "clientPortAddress");
        put(owned, TLS, "secureClientPort", "secureClientPortAddress", "ssl.", "sslQuorum", "sslQuorumReloadCertFiles");
        put(owned, TLS, "portUnification", "client.portUnification");
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

    /** Whether ZooKeeper is known to read a key. */
    static boolean known(String key) {
        return KNOWN.contains(key)
                || SERVER_LINE.matcher(key).matches()
                || VoteCountingRule.judges(key)
                || key.startsWith("authProvider.");
    }

    /** The key that was probably meant by one that is not known: a difference of case, or a keystroke in a long name. */
    static Optional<String> meant(String key) {
        Set<String> names = new TreeSet<>(KNOWN);
        OWNED.keySet().stream().filter(name -> !name.endsWith(".")).forEach(names::add);
        return Suggestion.closest(key, names)
                .filter(name ->
                        key.length() > 5 || name.toLowerCase(Locale.ROOT).equals(key.toLowerCase(Locale.ROOT)));
    }
}
