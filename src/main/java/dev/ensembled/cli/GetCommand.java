package dev.ensembled.cli;

import dev.ensembled.cli.target.Ensembles;
import dev.ensembled.cli.target.StoredEnsemble;
import dev.ensembled.cli.target.TargetOptions;
import dev.ensembled.cli.text.Documents;
import dev.ensembled.cli.text.Paint;
import dev.ensembled.cli.view.EnsembleTable;
import java.time.Clock;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists ensembles: what each of them does, and what holds it. */
@Command(
        name = "get",
        header = "List ensembles, and what each of them does.",
        description = "STATE is what an ensemble does, or the gate that holds it; \"status NAME\" says what opens it.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  @|bold ensembled get -A|@",
            "  @|bold ensembled get kafka solr -n streaming -o wide|@",
            "  @|bold ensembled get -o json | jq -r '.items[].metadata.name'|@"
        })
public final class GetCommand extends TargetCommand {
    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Names of ensembles (default: all).")
    private List<String> names = List.of();

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "The ensembles of all namespaces.")
    private boolean allNamespaces;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format;

    /** The formats, as they are written on the command line. */
    enum Format {
        table,
        wide,
        name,
        json,
        yaml
    }

    @Override
    Ensembles open(TargetOptions options) {
        return options.open(allNamespaces);
    }

    @Override
    int run(Ensembles ensembles) {
        List<StoredEnsemble> found = names.isEmpty()
                ? ensembles.list()
                : names.stream().map(ensembles::get).toList();
        lines(found).forEach(out()::println);
        return 0;
    }

    private List<String> lines(List<StoredEnsemble> found) {
        return switch (format) {
            case table, wide ->
                EnsembleTable.of(
                        found,
                        format == Format.wide,
                        Paint.ofEnvironment(),
                        Clock.systemUTC().instant());
            case name ->
                found.stream()
                        .map(each ->
                                "zookeeperensemble.ensembled.dev/" + each.id().name())
                        .toList();
            case json -> List.of(Documents.json(tree(found)));
            case yaml -> List.of(Documents.yaml(tree(found)));
        };
    }

    /** One resource if one name was given, otherwise a list, as kubectl prints them. */
    private com.fasterxml.jackson.databind.JsonNode tree(List<StoredEnsemble> found) {
        return names.size() == 1
                ? found.get(0).resource()
                : Documents.list(found.stream().map(StoredEnsemble::resource).toList());
    }
}
