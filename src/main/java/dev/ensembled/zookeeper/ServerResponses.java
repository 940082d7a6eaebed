package dev.ensembled.zookeeper;

import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Server.Role;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Converts the answers of a server to {@code mntr}, {@code srvr} and {@code conf} into a {@link Server}. It has no side
 * effects.
 *
 * <p>Real servers of the versions 3.9.5 and 3.8.6 answer as follows:
 *
 * <ul>
 *   <li>From the moment that the client port is bound until the server has synced with a leader, and again after the
 *       loss of a quorum, the server answers every command except {@code ruok} with one line, "This ZooKeeper instance
 *       is not currently serving requests". {@code zk_peer_state} is therefore seen in another state than broadcast
 *       only for an instant.
 *   <li>A leader that is started with {@code zookeeper.leaderServes=no} gives that answer for as long as it leads. A
 *       server that gives it may therefore still be needed by the others.
 *   <li>{@code zk_uptime} counts milliseconds from the moment when the server took its role, and not from the start of
 *       the process: it starts again with each election. The leader's {@code zk_leader_uptime} starts about 0.15 s
 *       later, when its quorum has synced.
 *   <li>{@code conf} ends with the committed membership: a {@code server.N} line for each member and {@code version=}
 *       in hexadecimal, without a line end. The version of a new ensemble is that of its first epoch, 100000000.
 *   <li>A server that is not in the membership, because it starts with a blank disk or was removed, follows without a
 *       vote: it reports "following - broadcast", whatever it was started as, and prints the membership without itself.
 *   <li>{@code zk_synced_followers} counts every synced learner that follows, and therefore also a server that was
 *       removed from the membership and still follows; {@code zk_synced_non_voting_followers} counts the followers
 *       among them that have no vote.
 *   <li>An ensemble of one server with {@code standaloneEnabled=false} reports "leading - broadcast" like any leader.
 *   <li>A command that is not allowed is answered by "... is not executed because it is not in the whitelist."
 * </ul>
 */
final class ServerResponses {
    private static final String NOT_SERVING = "not currently serving requests";
    private static final String NOT_ALLOWED = "is not in the whitelist";
    private static final String NOT_SERVING_STATE = "not serving";
    private static final String READ_ONLY = "read-only";
    private static final Pattern SOFTWARE = Pattern.compile("(\\d+\\.\\d+\\.\\d+).*", Pattern.DOTALL);
    private static final Pattern ZXID = Pattern.compile("(?m)^Zxid: 0x([0-9a-f]{1,16})$");
    private static final Pattern MODE = Pattern.compile("(?m)^Mode: ([\\w-]+)$");
    private static final Pattern CONFIG_VERSION = Pattern.compile("(?m)^version=([0-9a-f]{1,16})$");

    private static final Pattern NUMBER = Pattern.compile("\\d{1,15}(\\.\\d{1,17})?(E\\d{1,2})?");

    private ServerResponses() {}

    /** Returns why {@code mntr} cannot be used, whatever the other answers are; empty if it can be used. */
    static Optional<Server> unusable(String mntr) {
        Optional<Server> refused = refusal("mntr", mntr);
        if (refused.isPresent() || mntr.contains(NOT_SERVING)) {
            return refused;
        }
        Map<String, String> values = values(mntr);
        String mode = values.get("zk_server_state");
        if ("standalone".equals(mode)) {
            return unknown("runs in standalone mode: set standaloneEnabled=false");
        }
        String state = values.get("zk_peer_state");
        if (mode == null || (state == null && !mode.equals(READ_ONLY)) || !mntr.endsWith("\n")) {
            return unknown("mntr response is truncated or not from ZooKeeper 3.6 or later: " + excerpt(mntr));
        }
        return state == null || PeerState.of(state).isPresent()
                ? Optional.empty()
                : unknown("mntr reports an invalid zk_peer_state: " + excerpt(state));
    }

    /**
     * Returns the state that {@code mntr}, which must be usable, and {@code srvr} determine: a server that does not
     * serve, which both must report, or a server whose answers contradict each other. Empty if the server serves, so
     * that {@code conf} has to be read.
     */
    static Optional<Server> decidedBy(String mntr, String srvr) {
        Optional<Server> refused = refusal("srvr", srvr);
        if (refused.isPresent()) {
            return refused;
        }
        Map<String, String> values = values(mntr);
        String mode = values.get("zk_server_state");
        Optional<PeerState> state =
                Optional.ofNullable(values.get("zk_peer_state")).flatMap(PeerState::of);
        boolean serves = state.filter(PeerState::broadcasts).isPresent();
        String reported = state.isPresent() ? values.get("zk_peer_state") : mode == null ? NOT_SERVING_STATE : mode;
        if (srvr.contains(NOT_SERVING)) {
            return serves ? contradiction(reported, NOT_SERVING_STATE) : notServing(reported);
        }
        String srvrMode = mode(srvr);
        if (READ_ONLY.equals(mode) && srvrMode.equals("Mode: " + READ_ONLY)) {
            return notServing("no quorum, read-only mode");
        }
        boolean agree = serves && state.get().role().equals(role(mode));
        return agree
                ? Optional.empty()
                : contradiction(mode == null ? reported : reported + " with role " + mode, srvrMode);
    }

    private static Optional<Server> notServing(String reported) {
        return Optional.of(new Server.NotServing(
                reported.equals(NOT_SERVING_STATE) ? "leader election or sync in progress" : reported));
    }

    /** Returns the role as {@code srvr} prints it. */
    private static String mode(String srvr) {
        Matcher mode = MODE.matcher(srvr);
        return mode.find() ? mode.group() : excerpt(srvr);
    }

    private static Optional<Server> contradiction(String mntr, String srvr) {
        return unknown("contradictory responses: mntr reports " + mntr + ", srvr reports " + srvr
                + ". If this persists, see the server's log");
    }

    /** Returns the state of a server for which {@link #decidedBy} returned empty. */
    static Server serving(String mntr, String srvr, String conf, Instant now) {
        if (conf.contains(NOT_SERVING)) {
            return new Server.Unknown("contradictory responses: mntr and srvr report a serving server, conf reports"
                    + " not serving; read again in the next reconcile cycle");
        }
        return refusal("conf", conf).orElseGet(() -> assembled(values(mntr), srvr, conf, now));
    }

    private static Server assembled(Map<String, String> mntr, String srvr, String conf, Instant now) {
        Matcher zxid = ZXID.matcher(srvr);
        Matcher mode = MODE.matcher(srvr);
        Matcher version = CONFIG_VERSION.matcher(conf);
        Matcher software = SOFTWARE.matcher(mntr.getOrDefault("zk_version", ""));
        if (!zxid.find() || !mode.find()) {
            return new Server.Unknown("unexpected srvr response: " + excerpt(srvr));
        }
        if (!version.find()) {
            return new Server.Unknown("conf response has no config version: " + excerpt(conf));
        }
        Optional<Role> role = role(mntr.get("zk_server_state"));
        Optional<Duration> uptime = uptime(mntr);
        if (role.isEmpty() || uptime.isEmpty() || !software.matches()) {
            return new Server.Unknown("mntr response has no valid role, zk_uptime or zk_version");
        }
        if (!mode.group(1).equals(mntr.get("zk_server_state"))) {
            return new Server.Unknown("contradictory responses: mntr reports the role " + mntr.get("zk_server_state")
                    + ", srvr reports " + mode.group(1) + "; read again in the next reconcile cycle");
        }
        return new Server.Serving(
                role.get(),
                Long.parseUnsignedLong(zxid.group(1), 16),
                ConfResponse.membership(conf, Long.parseUnsignedLong(version.group(1), 16)),
                Math.max(0, count(mntr, "zk_synced_followers") - count(mntr, "zk_synced_non_voting_followers")),
                count(mntr, "zk_synced_observers"),
                count(mntr, "zk_learners"),
                number(mntr.get("zk_approximate_data_size")).orElse(0L),
                now.minus(uptime.get()),
                software.group(1),
                ConfResponse.settings(conf));
    }

    private static Optional<Server> refusal(String word, String answer) {
        if (answer.contains(NOT_ALLOWED)) {
            return unknown("command " + word + " is disabled: add it to 4lw.commands.whitelist");
        }
        return answer.isBlank()
                ? Optional.of(new Server.Unknown("connection closed without a response to " + word, true))
                : Optional.empty();
    }

    private static Optional<Server> unknown(String detail) {
        return Optional.of(new Server.Unknown(detail));
    }

    private static Optional<Role> role(String mode) {
        return switch (mode) {
            case "leader" -> Optional.of(Role.LEADER);
            case "follower" -> Optional.of(Role.FOLLOWER);
            case "observer" -> Optional.of(Role.OBSERVER);
            default -> Optional.empty();
        };
    }

    private static Optional<Duration> uptime(Map<String, String> mntr) {
        String asLeader = mntr.get("zk_leader_uptime");
        return number(asLeader != null ? asLeader : mntr.get("zk_uptime")).map(Duration::ofMillis);
    }

    private static int count(Map<String, String> mntr, String key) {
        return number(mntr.get(key))
                .map(value -> (int) Math.min(value, Integer.MAX_VALUE))
                .orElse(0);
    }

    /** With the metrics provider for Prometheus, every number has a fraction. */
    private static Optional<Long> number(String text) {
        return text != null && NUMBER.matcher(text).matches()
                ? Optional.of(new BigDecimal(text).longValue())
                : Optional.empty();
    }

    private static Map<String, String> values(String mntr) {
        Map<String, String> values = new HashMap<>();
        mntr.lines().forEach(line -> {
            int tab = line.indexOf('\t');
            if (tab > 0) {
                values.put(line.substring(0, tab), line.substring(tab + 1));
            }
        });
        return values;
    }

    private static String excerpt(String answer) {
        String printable = answer.replaceAll("[^\\p{Print}]+", " ").strip();
        return "\"" + (printable.length() > 80 ? printable.substring(0, 80) + "..." : printable) + "\"";
    }
}
