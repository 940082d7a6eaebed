package dev.ensembled.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensembled.cli.text.Documents;
import dev.ensembled.reconciler.desired.CanonicalJson;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Manifests;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Prints the objects that the daemon would apply for the ensembles in files, as YAML documents. The output depends on the
 * files and on this version only: fields are sorted, and nothing of it is a time or random.
 */
@Command(
        name = "render",
        mixinStandardHelpOptions = true,
        header = "Print the Kubernetes objects of ensemble files.",
        description = {
            "Prints what the daemon would apply, as YAML documents, without a network or a cluster.",
            "",
            "The objects are those of an ensemble that has been carried out in full. In a cluster, they differ:",
            "  - while members join or leave, the StatefulSet has the present number of replicas;",
            "  - while volumes grow, its claim templates have the present sizes;",
            "  - the pod template has an annotation with the identity of the super user's credentials;",
            "  - the Secret NAME-super has a random password. Here, it has no data."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:all files are valid",
            " 1:violations were found; nothing is printed on standard output",
            " 2:invalid arguments, or a path cannot be read"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  @|bold ensembled render ensembles/kafka.yaml|@",
            "  @|bold diff <(git show main:kafka.yaml | ensembled render /dev/stdin) <(ensembled render kafka.yaml)|@"
        })
public final class RenderCommand implements Callable<Integer> {
    private static final int VIOLATIONS = 1;

    @Mixin
    private FileArguments files;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        PrintWriter err = command.commandLine().getErr();
        return files.read(err).map(content -> print(content.parsed(), err)).orElse(ExitCode.USAGE);
    }

    private int print(ParsedCommit parsed, PrintWriter err) {
        if (!parsed.violations().isEmpty()) {
            parsed.violations().forEach(violation -> err.println(SafeText.of(violation.toString())));
            return VIOLATIONS;
        }
        if (parsed.ensembles().isEmpty()) {
            err.println("note: no ensemble found; check the path");
        }
        print(parsed.ensembles());
        return ExitCode.OK;
    }

    private void print(List<ParsedCommit.Found> ensembles) {
        PrintWriter out = command.commandLine().getOut();
        List<ParsedCommit.Found> sorted = new ArrayList<>(ensembles);
        sorted.sort(Comparator.comparing(ParsedCommit.Found::id));
        for (ParsedCommit.Found found : sorted) {
            Desired desired = Desired.of(found.id(), found.resource().getSpec(), 1);
            print(CanonicalJson.tree(secret(new ObjectNames(found.id()))), out);
            Manifests.trees(desired).forEach(object -> print(object, out));
        }
    }

    private static void print(JsonNode object, PrintWriter out) {
        out.print("---\n" + Documents.yaml(object) + "\n");
    }

    /** The super user's Secret without its data. */
    private static Secret secret(ObjectNames names) {
        return new SecretBuilder()
                .withNewMetadata()
                .withNamespace(names.id().namespace())
                .withName(names.superSecret())
                .withLabels(names.labels("super-user"))
                .endMetadata()
                .withType("Opaque")
                .build();
    }
}
