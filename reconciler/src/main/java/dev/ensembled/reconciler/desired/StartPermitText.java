package dev.ensembled.reconciler.desired;

import dev.ensembled.reconciler.desired.ServerConfig.Endpoint;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Membership;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * The start permit of a pod as text: it permits a server without data of its own to start. The pod reads it as a file,
 * so the format is defined by {@code start.sh}: on the first line how the server starts, then the membership to begin
 * with.
 */
public final class StartPermitText {
    /** The annotation of a pod that contains its start permit. */
    public static final String KEY = "ensembled.dev/start-permit";

    private StartPermitText() {}

    /**
     * Returns the value of the annotation.
     *
     * @param membership the membership of the bootstrap; or the committed membership, to which a joining member adds
     *     itself as an observer
     */
    public static String text(StartPermit how, int member, Membership membership, IntFunction<Endpoint> endpoint) {
        Membership initial = how == StartPermit.JOIN ? membership.with(member, false) : membership;
        List<String> lines = new ArrayList<>(List.of(word(how)));
        lines.addAll(MembershipText.lines(initial, endpoint));
        return String.join("\n", lines) + "\n";
    }

    /** Returns how a pod with these annotations was permitted to start; empty if it was not. */
    public static Optional<StartPermit> of(Map<String, String> annotations) {
        String text = annotations == null ? "" : annotations.getOrDefault(KEY, "");
        String first = text.lines().findFirst().orElse("").strip();
        for (StartPermit how : StartPermit.values()) {
            if (word(how).equals(first)) {
                return Optional.of(how);
            }
        }
        return Optional.empty();
    }

    private static String word(StartPermit how) {
        return how.name().toLowerCase(Locale.ROOT);
    }
}
