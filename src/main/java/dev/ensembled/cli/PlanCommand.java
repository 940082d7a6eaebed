package dev.ensembled.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensembled.cli.target.DaemonApi;
import dev.ensembled.cli.target.DaemonOptions;
import dev.ensembled.cli.target.TargetException;
import dev.ensembled.cli.target.TargetOptions;
import dev.ensembled.cli.text.Documents;
import dev.ensembled.cli.text.Paint;
import dev.ensembled.cli.view.PlanText;
import dev.ensembled.planner.PlanRequest;
import dev.ensembled.reconciler.commitplan.CommitPlan;
import dev.ensembled.reconciler.commitplan.PlanMarkdown;
import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.reconciler.spec.read.SourceFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks the daemon what would happen if the files of a working tree were pushed. Changes nothing. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        header = "Show what a push would do, before it is pushed.",
        description = {
            "Compares the files of a working tree with what runs: which servers would restart, in which order and why, how"
                    + " many more voters may fail meanwhile, and what would be refused.",
            "Without PATH, all YAML files of the Git working tree are compared, so that ensembles that no file defines any"
                    + " more are part of the plan. Nothing is changed."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:there is nothing to do",
            " 1:a file has violations, or the daemon cannot be reached",
            " 2:there are changes, or the arguments are invalid",
            " 3:a change is refused"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  @|bold ensembled plan|@",
            "  @|bold ensembled plan streaming/kafka.yaml|@",
            "  @|bold ensembled plan -o json | jq -r .result|@"
        })
public final class PlanCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    @Parameters(
            arity = "0..*",
            paramLabel = "PATH",
            description = "Files or directories (default: the whole Git working tree).")
    private List<Path> paths = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Option(
            names = "--source",
            paramLabel = "NAME",
            description = "Source of the daemon to which the files would be pushed (default: the only source).")
    private String source;

    @Mixin
    private DaemonOptions daemon;

    @Mixin
    private TargetOptions target;

    @Spec
    private CommandSpec command;

    /** The formats, as they are written on the command line. */
    enum Format {
        text,
        json,
        markdown
    }

    @Override
    public Integer call() {
        try (DaemonApi api = daemon.open(target)) {
            CommitPlan plan = api.plan(request());
            print(plan);
            return plan.result().exitCode();
        } catch (TargetException e) {
            return fail(e.getMessage());
        } catch (IOException e) {
            return fail("cannot read the files: " + e);
        }
    }

    private int fail(String message) {
        PrintWriter err = command.commandLine().getErr();
        err.println(Program.name() + ": " + SafeText.of(message));
        err.flush();
        return FAILED;
    }

    private PlanRequest request() throws IOException {
        Path start = paths.isEmpty() ? Path.of("") : paths.get(0);
        WorkingTree tree = WorkingTree.around(start)
                .orElseThrow(() -> new TargetException(
                        start.toAbsolutePath() + " is not in a Git working tree, from which files get their paths:"
                                + " run the command in a clone of the repository",
                        null));
        SpecFiles read = new SpecFiles();
        for (Path path : paths.isEmpty() ? List.of(tree.root()) : paths) {
            read.add(path);
        }
        List<PlanRequest.File> files = new ArrayList<>();
        for (Map.Entry<Path, SourceFile> file : read.byRealPath().entrySet()) {
            if (!file.getKey().startsWith(tree.root())) {
                throw new TargetException(file.getKey() + " is not in the Git working tree " + tree.root(), null);
            }
            files.add(PlanRequest.File.of(file.getValue(), tree.pathOf(file.getKey())));
        }
        return new PlanRequest(files, paths.isEmpty(), source);
    }

    private void print(CommitPlan plan) {
        PrintWriter out = command.commandLine().getOut();
        switch (format) {
            case text -> PlanText.of(plan, Paint.ofEnvironment()).forEach(out::println);
            case json -> out.println(Documents.json(new ObjectMapper().valueToTree(plan)));
            case markdown -> out.print(PlanMarkdown.of(plan));
            default -> throw new IllegalStateException("unexpected format");
        }
        out.flush();
    }
}
