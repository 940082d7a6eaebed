package dev.ensembled.git;

import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.tree.CommitFiles;
import dev.ensembled.reconciler.spec.read.CommitReader;
import dev.ensembled.reconciler.spec.read.SpecReader;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/** Fetches and parses for each line of its input, and prints the milliseconds and the KiB of heap that it took. */
final class FetchCost {
    private FetchCost() {}

    public static void main(String[] arguments) throws Exception {
        GitRepository repository = new GitRepository(
                new GitSettings(
                        RemoteUrl.of(arguments[0]),
                        "main",
                        arguments[1],
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(10),
                        GitSettings.Files.none(),
                        Path.of(arguments[2])),
                new MemoryRecord());
        CommitReader reader = new CommitReader(new SpecReader("default", Set.of()));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (lines.readLine() != null) {
            System.gc();
            heap().forEach(MemoryPoolMXBean::resetPeakUsage);
            long before = used(pool -> pool.getUsage().getUsed());
            long started = System.nanoTime();
            CommitFiles snapshot = repository.fetch(() -> {});
            reader.read(snapshot.files(), () -> true);
            repository.accept();
            repository.releaseText();
            long millis = (System.nanoTime() - started) / 1_000_000;
            System.out.println("> " + millis + " " + before + " "
                    + used(pool -> pool.getUsage().getUsed()) + " "
                    + used(pool -> pool.getPeakUsage().getUsed()));
        }
    }

    private static List<MemoryPoolMXBean> heap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
    }

    private static long used(ToLongFunction<MemoryPoolMXBean> usage) {
        return heap().stream().mapToLong(usage).sum() / 1024;
    }
}
