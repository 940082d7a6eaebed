package dev.ensembled.reconciler.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.StartDecision;
import dev.ensembled.reconciler.StartDecision.Outcome;
import dev.ensembled.reconciler.StartDecision.Used;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvFileSource;

/** The decision table of a start, checked with the real script. */
class StartDecisionsTest extends StartScriptFixture {
    private static final String USED = "conf/ensembled-start-permit-used";
    private static final String SEED = "data/ensembled/zoo.cfg.dynamic";
    private static final String SNAPSHOT = "version-2/snapshot.0";
    private static final String CONTENT = "a snapshot";

    @ParameterizedTest
    @CsvFileSource(resources = StartDecision.FILE, delimiter = '|')
    void scriptFollowsTheDecisionTable(ArgumentsAccessor row) throws Exception {
        StartDecision decision = StartDecision.of(row);
        provide(decision.disk());
        boolean hadData = exists("data/" + SNAPSHOT);
        decision.permit().ifPresent(this::permit);
        use(decision);

        int code = run("kafka-2");

        assertThat(outcome(decision)).as(text("output")).isEqualTo(decision.outcome());
        assertThat(code).isEqualTo(decision.exit());
        assertThat(exists("data/" + SNAPSHOT)).isEqualTo(hadData && !setsAside(decision.outcome()));
        assertThat(exists("data/aside/" + SNAPSHOT)).isEqualTo(hadData && setsAside(decision.outcome()));
    }

    private static boolean setsAside(Outcome outcome) {
        return outcome == Outcome.JOINS || outcome == Outcome.BOOTSTRAPS;
    }

    private Outcome outcome(StartDecision decision) throws IOException {
        if (!exists("arguments")) {
            return Outcome.WAITS;
        }
        if (!text(SEED).contains("permitted")) {
            return Outcome.OWN;
        }
        if (exists("datalog/initialize")) {
            return Outcome.BOOTSTRAPS;
        }
        return decision.used() == Used.NO ? Outcome.JOINS : Outcome.CONTINUES;
    }

    private void provide(String disk) throws Exception {
        switch (disk) {
            case "blank" -> {}
            case "own" -> haveOwnData();
            case "bootstrapping" -> {
                Files.createDirectories(directory.resolve("data/ensembled"));
                write(SEED, "server.3=earlier\n");
                write("datalog/initialize", "");
            }
            case "learning" -> {
                Files.createDirectories(directory.resolve("data/ensembled"));
                write(SEED, "server.1=a\nserver.3=earlier:observer\n");
            }
            case "partial" -> {
                haveOwnData();
                Files.delete(directory.resolve("datalog/version-2"));
            }
            case "removed" -> {
                haveOwnData();
                write(SEED + ".200000000", "server.1=a\nserver.33=x\n");
            }
            case "foreign-server" -> {
                haveOwnData();
                write("data/myid", "1\n");
            }
            case "foreign-ensemble" -> {
                haveOwnData();
                write("data/ensembled/ensemble", "elsewhere/solr\n");
            }
            case "unreadable" -> failToLoad();
            case "repaired" -> {
                failToLoad();
                write("data/" + SNAPSHOT, CONTENT + " from a backup");
            }
            default -> throw new IllegalArgumentException(disk);
        }
    }

    private void haveOwnData() throws IOException {
        haveData(CONTENT);
        write(SEED + ".100000000", "server.3=c\n");
    }

    /** The server cannot load its data, and its pod is replaced. */
    private void failToLoad() throws Exception {
        haveOwnData();
        server("echo 'ERROR Unable to load database on disk' > " + at("logs/troubles.log") + "; exit 1");
        assertThat(run("kafka-2")).isEqualTo(83);
        server("exit " + StartDecision.STARTED);
        for (String file : new String[] {USED, "logs/troubles.log", "arguments"}) {
            Files.delete(directory.resolve(file));
        }
    }

    private void permit(StartPermit how) {
        try {
            permit(word(how), how == StartPermit.JOIN ? "server.3=permitted:observer" : "server.3=permitted");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void use(StartDecision decision) throws IOException {
        switch (decision.used()) {
            case NO -> {}
            case OWN -> write(USED, "own\n");
            case PERMIT -> write(USED, word(decision.permit().orElseThrow()) + "\n");
        }
    }

    private static String word(StartPermit how) {
        return how.name().toLowerCase(Locale.ROOT);
    }

    private boolean exists(String path) {
        return Files.exists(directory.resolve(path));
    }

    private String text(String path) throws IOException {
        return exists(path) ? read(path) : "";
    }
}
