package dev.ensembled.reconciler.spec;

import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import java.util.Optional;

/** How many servers there are, and how many of them may be down on purpose. */
final class MembershipRule implements SpecRule {
    private static final int MOST_VOTERS = 7;
    private static final int MOST_SERVERS = 50;

    @Override
    public void check(Mapping spec, Findings findings) {
        Optional<Integer> voters = number(spec, "voters");
        voters.filter(count -> count % 2 == 0)
                .ifPresent(count ->
                        findings.violation(spec.scalar("voters").orElseThrow().place(), "spec.voters", even(count)));
        voters.filter(count -> count % 2 == 1).ifPresent(count -> budget(spec, count, findings));
        Optional<Integer> observers = number(spec, "observers");
        if (voters.isPresent() && observers.isPresent() && voters.get() + observers.get() > MOST_SERVERS) {
            findings.violation(
                    spec.scalar("observers").orElseThrow().place(),
                    "spec.observers",
                    "voters and observers together are at most " + MOST_SERVERS + " servers");
        }
    }

    /** A number in the range in which arithmetic on it makes sense; the schema reports others. */
    private static Optional<Integer> number(Mapping spec, String... path) {
        return spec.scalar(path)
                .flatMap(Scalars::integer)
                .filter(number -> number.signum() >= 0 && number.bitLength() < 16)
                .map(Number::intValue)
                .filter(number -> !path[0].equals("voters") || (number >= 1 && number <= MOST_VOTERS));
    }

    private static String even(int voters) {
        if (voters == 2) {
            return "2 voters are worse than 1: if either fails, the other cannot serve."
                    + " Use 1 for development, or 3 to tolerate a failure";
        }
        return "must be odd: %d voters need %d for a quorum and tolerate %d failed, as many as %d voters do. Use %d or %d"
                .formatted(voters, voters / 2 + 1, tolerated(voters), voters - 1, voters - 1, voters + 1);
    }

    private static int tolerated(int voters) {
        return (voters - 1) / 2;
    }

    private static void budget(Mapping spec, int voters, Findings findings) {
        int most = Math.max(1, tolerated(voters));
        Optional<Scalar> scalar = spec.scalar("budget", "maxUnavailable");
        number(spec, "budget", "maxUnavailable")
                .filter(unavailable -> unavailable > most)
                .ifPresent(unavailable -> findings.violation(
                        scalar.orElseThrow().place(),
                        "spec.budget.maxUnavailable",
                        "%d of %d voters down would cost the quorum: use at most %d (0 allows nobody to restart a server)"
                                .formatted(unavailable, voters, most)));
    }
}
