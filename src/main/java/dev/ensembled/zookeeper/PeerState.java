package dev.ensembled.zookeeper;

import dev.ensembled.reconciler.observed.Server.Role;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code zk_peer_state} says: the text that {@code QuorumPeer.getDetailedPeerState()} makes of three fields, in 3.8 and
 * 3.9 alike.
 *
 * <pre>SERVER STATE[ - ZAB STATE][ - SYNC MODE]</pre>
 *
 * <ul>
 *   <li>The server state is looking, following, leading or observing.
 *   <li>The ZAB state is discovery, synchronization or broadcast; election is not printed. A server that is looking is in
 *       election, and in nothing else.
 *   <li>The sync mode is diff, snap or trunc; none is not printed. It is the mode of the last synchronisation as a learner,
 *       until the next one ends: a server whose synchronisation broke and that leads next says {@code leading - broadcast -
 *       diff} for as long as it leads. It says nothing about whether the server serves.
 *   <li>The fields are put into lower case by the rules of the server's own language, so that a Turkish one says
 *       {@code followıng}.
 * </ul>
 *
 * <p>The table test compares this with the classes of both versions, and {@code ready.sh} with this.
 *
 * @param role that the server has in the quorum; empty while it is looking for a leader
 * @param broadcasts whether its ZAB state is broadcast, which means that it serves
 */
record PeerState(Optional<Role> role, boolean broadcasts) {
    private static final Pattern TEXT = Pattern.compile("(looking|following|leading|observing)"
            + "(?: - (discovery|synchronization|broadcast)(?: - (?!discovery|synchronization|broadcast)\\w+)?"
            + "| - (?:diff|snap|trunc))?");

    /** What a letter i without a dot becomes, by the server's character set and ours. */
    private static final Pattern DOTLESS = Pattern.compile("[\u0131\ufffd?]");

    /** Empty if it is no state of ZooKeeper's, or one in which its fields contradict each other. */
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
