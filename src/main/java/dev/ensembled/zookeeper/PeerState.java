package dev.ensembled.zookeeper;

import dev.ensembled.reconciler.observed.Server.Role;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of {@code zk_peer_state}: the text that {@code QuorumPeer.getDetailedPeerState()} builds from three fields,
 * in 3.8 and 3.9 alike.
 *
 * <pre>SERVER STATE[ - ZAB STATE][ - SYNC MODE]</pre>
 *
 * <ul>
 *   <li>The server state is looking, following, leading or observing.
 *   <li>The ZAB state is discovery, synchronization or broadcast; election is not printed. A server that is looking is
 *       always in election.
 *   <li>The sync mode is diff, snap or trunc; none is not printed. It is the mode of the last synchronization as a
 *       learner, until the next synchronization ends: a server whose synchronization broke and that leads next reports
 *       {@code leading - broadcast - diff} for as long as it leads. The sync mode does not show whether the server
 *       serves.
 *   <li>The fields are put into lower case by the rules of the server's own language, so that a server with a Turkish
 *       locale reports {@code followıng}.
 * </ul>
 *
 * <p>{@code PeerStateTest} compares this class with the classes of both versions, and {@code ready.sh} with this class.
 *
 * @param role the role of the server in the quorum; empty while it is looking for a leader
 * @param broadcasts whether its ZAB state is broadcast, which means that it serves
 */
record PeerState(Optional<Role> role, boolean broadcasts) {
    private static final Pattern TEXT = Pattern.compile("(looking|following|leading|observing)"
            + "(?: - (discovery|synchronization|broadcast)(?: - (?!discovery|synchronization|broadcast)\\w+)?"
            + "| - (?:diff|snap|trunc))?");

    /**
     * The characters that a letter i without a dot becomes, by the character sets of the server and of this process.
     */
    private static final Pattern DOTLESS = Pattern.compile("[\u0131\ufffd?]");

    /** Parses the text; empty if it is not a state of ZooKeeper, or if its fields contradict each other. */
    static Optional<PeerState> of(String text) {
        Matcher state = TEXT.matcher(DOTLESS.matcher(text).replaceAll("i"));
        if (!state.matches()) {
            return Optional.empty();
        }
        Optional<Role> role = role(state.group(1));
        boolean inElection = state.group(2) == null;
        return role.isEmpty() && !inElection
                ? Optional.empty()
                : Optional.of(new PeerState(role, "broadcast".equals(state.group(2))));
    }

    private static Optional<Role> role(String serverState) {
        return switch (serverState) {
            case "leading" -> Optional.of(Role.LEADER);
            case "following" -> Optional.of(Role.FOLLOWER);
            case "observing" -> Optional.of(Role.OBSERVER);
            default -> Optional.empty();
        };
    }
}
