package dev.ensembled.cli;

import dev.ensembled.cli.target.Ensembles;
import dev.ensembled.cli.target.TargetException;
import dev.ensembled.cli.target.TargetOptions;
import dev.ensembled.reconciler.spec.model.SafeText;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command on the ensembles of a cluster or of a local daemon. */
@Command(mixinStandardHelpOptions = true)
abstract class TargetCommand implements Callable<Integer> {
    /** The exit code if the ensembles cannot be read or changed, or the command does not apply. */
    static final int FAILED = 1;

    @Mixin
    private TargetOptions target;

    @Spec
    private CommandSpec command;

    @Override
    public final Integer call() {
        try (Ensembles ensembles = open(target)) {
            return run(ensembles);
        } catch (TargetException e) {
            return fail(e.getMessage());
        } finally {
            out().flush();
        }
    }

    /** The names of the ensembles that the options select. */
    final List<String> names() {
        try (Ensembles ensembles = open(target)) {
            return ensembles.list().stream().map(each -> each.id().name()).toList();
        }
    }

    Ensembles open(TargetOptions options) {
        return options.open();
    }

    /** Returns the exit code. */
    abstract int run(Ensembles ensembles);

    final PrintWriter out() {
        return command.commandLine().getOut();
    }

    final int fail(String message) {
        command.commandLine().getErr().println(Program.name() + ": " + SafeText.of(message));
        return FAILED;
    }
}
