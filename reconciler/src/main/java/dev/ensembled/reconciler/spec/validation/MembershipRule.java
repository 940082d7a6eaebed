package dev.ensembled.reconciler.spec.validation;

import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import java.util.Optional;

/** Checks the number of servers, and how many of them may be down because of voluntary disruptions. */
public final class MembershipRule implements SpecRule {
    /** More voters are refused unless {@code allow.manyVoters} confirms that they are intended. */
    private static final int MANY_VOTERS = 7;

    private static final int MAX_SERVERS = 50;

    /** The number of voters; empty if the schema refuses it. */
    public static Optional<Integer> voters(Mapping spec) {
        return number(spec, "voters").filter(count -> count >= 1 && count <= EnsembleSpec.MAX_VOTERS);
    }

    @Override
    public void check(Mapping spec, Findings findings) {
        Optional<Integer> voters = voters(spec);
        voters.ifPresent(count -> {
            voters(count, spec, findings);
            budget(spec, count, findings);
        });
        Optional<Integer> observers = number(spec, "observers");
        if (voters.isPresent() && observers.isPresent() && voters.get() + observers.get() > MAX_SERVERS) {
            findings.violation(
                    spec.scalar("observers").orElseThrow().location(),
                    "spec.observers",
                    "voters and observers together must be at most " + MAX_SERVERS);
        }
    }

    /** A number within the range in which arithmetic on it is valid; the schema reports others. */
    private static Optional<Integer> number(Mapping spec, String... path) {
        return spec.scalar(path)
                .flatMap(Scalars::integer)
                .filter(number -> number.signum() >= 0 && number.bitLength() < 16)
                .map(Number::intValue);
    }

    private static void voters(int voters, Mapping spec, Findings findings) {
        Scalar scalar = spec.scalar("voters").orElseThrow();
        if (voters % 2 == 0 && !allowed(spec, "evenVoters")) {
            findings.violation(scalar.location(), "spec.voters", even(voters));
        }
        if (voters > MANY_VOTERS && !allowed(spec, "manyVoters")) {
            findings.violation(
                    scalar.location(),
                    "spec.voters",
                    ("must be at most %d, not %d: each write waits for %d voters, while observers serve reads and do not"
                                    + " slow down writes. Use observers, or set allow.manyVoters: true")
                            .formatted(MANY_VOTERS, voters, quorum(voters)));
        }
    }

    private static boolean allowed(Mapping spec, String field) {
        return spec.scalar("allow", field)
                .filter(Scalars::isBoolean)
                .filter(scalar -> scalar.text().equals("true"))
                .isPresent();
    }

    private static String even(int voters) {
        if (voters == 2) {
            return "must be odd: with 2 voters, the ensemble stops serving when either of them fails."
                    + " Use 1 for development or 3 to tolerate a failure, or set allow.evenVoters: true";
        }
        return ("must be odd: %d voters need %d for a quorum and tolerate %d failed, as many as %d voters do. Use %d or %d,"
                        + " or set allow.evenVoters: true")
                .formatted(voters, quorum(voters), tolerated(voters), voters - 1, voters - 1, voters + 1);
    }

    private static int quorum(int voters) {
        return voters / 2 + 1;
    }

    private static int tolerated(int voters) {
        return voters - quorum(voters);
    }

    private static void budget(Mapping spec, int voters, Findings findings) {
        int most = Math.max(1, tolerated(voters));
        Optional<Scalar> scalar = spec.scalar("budget", "maxUnavailable");
        number(spec, "budget", "maxUnavailable")
                .filter(unavailable -> unavailable > most)
                .ifPresent(unavailable -> findings.violation(
                        scalar.orElseThrow().location(),
                        "spec.budget.maxUnavailable",
                        "must be at most %d with %d voters, not %d, so that a quorum remains (0 allows no restarts)"
                                .formatted(most, voters, unavailable)));
    }
}
