package dev.ensembled.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * Prints the candidates for the last of the given words, and then a directive, as kubectl expects it from the completion of
 * a plugin. A failure prints no candidates: a shell has no place for its message.
 */
@Command(name = "complete", hidden = true, header = "Print the candidates for the last word of a command line.")
public final class CompleteCommand implements Callable<Integer> {
    /** The label of parameters that are names of ensembles. */
    static final String NAME = "NAME";

    /** Of the completion protocol: file names are no candidates. */
    private static final String NO_FILES = ":4";

    /** A person waits for the completion, and the other candidates are no worse without the names. */
    private static final int SECONDS = Integer.getInteger("ensembled.completion.seconds", 5);

    /** Takes the place of the last word, so that the words can be parsed; no option accepts it as a value of its own. */
    private static final String PLACEHOLDER = "placeholder";

    @Parameters(arity = "0..*", paramLabel = "WORD", description = "The words behind the name of the program.")
    private List<String> words = List.of();

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        if (!words.isEmpty()) {
            candidates(words.subList(0, words.size() - 1), words.get(words.size() - 1))
                    .forEach(command.commandLine().getOut()::println);
        }
        command.commandLine().getOut().println(NO_FILES);
        command.commandLine().getOut().flush();
        return 0;
    }

    private List<String> candidates(List<String> before, String word) {
        List<String> found = new ArrayList<>(model(before, word));
        names(before).stream().filter(name -> name.startsWith(word)).forEach(found::add);
        return found.stream().distinct().sorted().toList();
    }

    /** Commands, values of options, and options if the word is the beginning of one. */
    private List<String> model(List<String> before, String word) {
        List<String> all = new ArrayList<>(before);
        all.add(word);
        List<CharSequence> endings = new ArrayList<>();
        AutoComplete.complete(command.root(), all.toArray(String[]::new), before.size(), word.length(), 0, endings);
        return endings.stream()
                .map(ending -> word + ending)
                .filter(candidate -> word.startsWith("-") || !candidate.startsWith("-"))
                .toList();
    }

    /** The names of the ensembles, if the last word is one. */
    private List<String> names(List<String> before) {
        List<String> all = new ArrayList<>(before);
        all.add(PLACEHOLDER);
        try {
            CommandLine root = command.root().commandLine();
            ParseResult parsed = root.parseArgs(all.toArray(String[]::new)).subcommand();
            return parsed != null
                            && parsed.commandSpec().userObject() instanceof TargetCommand target
                            && parsed.matchedPositionals().stream().anyMatch(CompleteCommand::hasPlaceholder)
                    ? CompletableFuture.supplyAsync(target::names).get(SECONDS, TimeUnit.SECONDS)
                    : List.of();
        } catch (ParameterException | ExecutionException | TimeoutException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private static boolean hasPlaceholder(PositionalParamSpec parameter) {
        return parameter.paramLabel().equals(NAME) && parameter.stringValues().contains(PLACEHOLDER);
    }
}
