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
 * What a pod is told by which a server without data of its own may start. It reads this as a file, so what is written
 * here is what {@code start.sh} understands: the way in on the first line, then the membership to begin with.
 */
public final class StartPermitText {
    /** Annotation of a pod. */
    public static final String KEY = "ensembled.dev/start-permit";

    private StartPermitText() {}

    /**
     * The annotation's value.
     *
     * @param membership the founding one; or the committed one, to which a member that joins adds itself as an observer
     */
    public static String text(StartPermit how, int member, Membership membership, IntFunction<Endpoint> endpoint) {
        Membership beginning = how == StartPermit.JOIN ? membership.with(member, false) : membership;
        List<String> lines = new ArrayList<>(List.of(word(how)));
        lines.addAll(MembershipText.lines(beginning, endpoint));
        return String.join("\n", lines) + "\n";
    }

    /** How a pod with these annotations was admitted; empty if it was not. */
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
