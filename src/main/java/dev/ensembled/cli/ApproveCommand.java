package dev.ensembled.cli;

import dev.ensembled.cli.target.Ensembles;
import dev.ensembled.cli.target.StoredEnsemble;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.PendingRemoval;
import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.summary.Summary;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Approves restarts of the generation of the spec for which an approval is waited for, or confirms a removal. */
@Command(
        name = "approve",
        header = "Approve the restarts that wait for an approval, or confirm the removal of the ensemble.",
        description = {
            "The approval holds for the present generation of the spec only: the next change needs another one.",
            "Without an option, all restarts of this generation are approved. An approval replaces an earlier one.",
            "Sets the annotation ensembled.dev/approve; with --removal, ensembled.dev/confirm-removal."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:approved or confirmed",
            " 1:nothing waits for it, or it cannot be given",
            " 2:invalid arguments"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  @|bold ensembled approve kafka -n streaming|@",
            "  @|bold ensembled approve kafka --leader|@",
            "  @|bold ensembled approve kafka --members 2,3|@",
            "  @|bold ensembled approve kafka --removal 4fc6ba8abd|@"
        })
public final class ApproveCommand extends NamedCommand {
    private static final int SHORTEST_COMMIT = 7;

    @ArgGroup
    private Which which;

    private static final class Which {
        @Option(names = "--leader", required = true, description = "Approve the restart of the leader only.")
        private boolean leader;

        @Option(
                names = "--members",
                required = true,
                paramLabel = "ID",
                split = ",",
                description = "Approve the restarts of these members only.")
        private List<Integer> members;

        @Option(
                names = "--removal",
                required = true,
                paramLabel = "COMMIT",
                description =
                        "Confirm that this commit removes the ensemble, as \"status\" says; at least 7 characters of its id.")
        private String removal;
    }

    @Override
    int run(Ensembles ensembles, StoredEnsemble ensemble) {
        return which != null && which.removal != null
                ? confirm(ensembles, ensemble, which.removal.strip())
                : approve(ensembles, ensemble);
    }

    private int confirm(Ensembles ensembles, StoredEnsemble ensemble, String commit) {
        Optional<PendingRemoval> removal = Optional.ofNullable(ensemble.status().source())
                .flatMap(source -> Optional.ofNullable(source.removal()));
        if (removal.isEmpty()) {
            return fail("no removal waits for a confirmation: the source of " + ensemble.id() + " is "
                    + Optional.ofNullable(ensemble.status().source())
                            .map(source -> SafeText.of(source.state()))
                            .orElse("not reported"));
        }
        String waiting = removal.get().commit();
        if (commit.length() < SHORTEST_COMMIT || !waiting.startsWith(commit)) {
            return fail("the removal of " + ensemble.id() + " by commit " + SafeText.of(waiting)
                    + " waits for a confirmation, not by " + SafeText.of(commit));
        }
        ensembles.request(ensemble, Requests.CONFIRM_REMOVAL, Optional.of(waiting));
        out().println("confirmed: commit " + SafeText.of(waiting) + " removes " + ensemble.id() + ", which is "
                + (Boolean.TRUE.equals(removal.get().deletes()) ? "deleted" : "orphaned and keeps running"));
        return 0;
    }

    private int approve(Ensembles ensembles, StoredEnsemble ensemble) {
        Summary summary = Summary.of(ensemble);
        if (summary.gate().filter(gate -> gate == Gate.APPROVAL).isEmpty()) {
            return fail("nothing waits for an approval: " + ensemble.id() + " is \"" + summary.title() + "\" ("
                    + summary.reason() + ")");
        }
        Optional<String> unknown = unknownMembers(ensemble);
        if (unknown.isPresent()) {
            return fail(unknown.get());
        }
        long generation = ensemble.generation();
        ensembles.request(ensemble, Requests.APPROVE, Optional.of(generation + suffix()));
        out().println("approved: " + what() + " of " + ensemble.id() + ", for generation " + generation);
        return 0;
    }

    private Optional<String> unknownMembers(StoredEnsemble ensemble) {
        if (which == null || which.members == null) {
            return Optional.empty();
        }
        TreeSet<Integer> unknown = new TreeSet<>(which.members);
        ensemble.status().members().forEach(member -> unknown.remove(member.id()));
        return unknown.isEmpty()
                ? Optional.empty()
                : Optional.of(ensemble.id() + " has no member " + listed(unknown) + ": \"" + Program.name()
                        + " status\" lists the members");
    }

    private String suffix() {
        if (which == null) {
            return "";
        }
        return which.leader
                ? ":leader"
                : ":" + listed(new TreeSet<>(which.members)).replace(" ", "");
    }

    private String what() {
        if (which == null) {
            return "all restarts";
        }
        return which.leader
                ? "the restart of the leader"
                : "restarts of member " + listed(new TreeSet<>(which.members));
    }

    private static String listed(Set<Integer> members) {
        return members.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
