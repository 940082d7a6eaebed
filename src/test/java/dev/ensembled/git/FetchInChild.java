package dev.ensembled.git;

import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.tree.CommitFiles;
import dev.ensembled.reconciler.spec.read.CommitReader;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.SpecReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/** Fetches and parses for each line of its input, in a process whose heap may be as small as in the cluster. */
final class FetchInChild {
    private final GitRepository repository;
    private final CommitReader reader = new CommitReader(new SpecReader("default", Set.of()));

    private FetchInChild(GitRepository repository) {
        this.repository = repository;
    }

    public static void main(String[] arguments) throws IOException {
        FetchInChild child = new FetchInChild(new GitRepository(new GitSettings(
                RemoteUrl.of(arguments[0]),
                "main",
                arguments[1],
                Duration.ofMinutes(1),
                Duration.ofMinutes(3),
                GitSettings.Files.none(),
                Path.of(arguments[2]))));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (lines.readLine() != null) {
            System.out.println("> " + child.fetch() + " peak=" + peak() + "MiB");
        }
    }

    private String fetch() {
        try {
            CommitFiles snapshot = repository.fetch(() -> {});
            ParsedCommit parsed = ((CommitReader.Complete) reader.read(snapshot.files(), () -> true)).parsed();
            repository.releaseText();
            return "read " + snapshot.message() + " files=" + snapshot.files().size() + " ensembles="
                    + parsed.ensembles().size() + " invalid="
                    + parsed.invalidPaths().size();
        } catch (SourceFailedException e) {
            return "failed: " + e.getMessage() + ". " + e.toDo();
        } catch (InterruptedException e) {
            return "interrupted";
        }
    }

    private static long peak() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum()
                / (1024 * 1024);
    }
}
