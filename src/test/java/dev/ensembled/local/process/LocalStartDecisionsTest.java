package dev.ensembled.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvFileSource;

/** The decision table of a start, against the local platform. */
class LocalStartDecisionsTest {
    private static final String TABLE = "../reconciler/src/test/resources/start-decisions.csv";
    private static final List<String> TO_JOIN = List.of("server.1=a", "server.3=permitted:observer");
    private static final List<String> TO_BOOTSTRAP = List.of("server.1=a", "server.3=permitted");

    @TempDir
    Path directory;

    private ServerDirectory files;
    private StartCheck entrance;

    @BeforeEach
    void provide() throws IOException {
        files = new ServerDirectory(directory);
        files.makeDirectories();
        entrance = new StartCheck(new ServerDisk(files, new EnsembleId("streaming", "kafka"), 3), files.permit());
    }

    @ParameterizedTest
    @CsvFileSource(files = TABLE, delimiter = '|')
    void localPlatformFollowsTheDecisionTable(ArgumentsAccessor row) throws IOException {
        String disk = row.getString(0);
        boolean differs = !row.getString(6).equals("same");
        String expected = row.getString(differs ? 6 : 3);
        provide(disk);
        boolean hadData = Files.exists(snapshot());
        boolean used = !row.getString(2).equals("no");
        permit(row.getString(1), used);

        StartCheck.Result pass = entrance.pass(disk.equals("unreadable") || disk.equals("repaired"));

        assertThat(outcome(pass, used)).as(pass.reason()).isEqualTo(expected);
        assertThat(pass.disk()).isEqualTo(differs ? Disk.FINE : Disk.valueOf(row.getString(4)));
        assertThat(row.getString(8) != null).as("differences have a reason").isEqualTo(differs);
        boolean setsAside = expected.equals("joins") || expected.equals("bootstraps");
        assertThat(Files.exists(snapshot())).isEqualTo(hadData && !setsAside);
        assertThat(Files.exists(files.data().resolve("aside/version-2/snapshot.0")))
                .isEqualTo(hadData && setsAside);
    }

    private String outcome(StartCheck.Result pass, boolean used) throws IOException {
        if (!pass.mayStart()) {
            return "waits";
        }
        if (!Files.readString(entrance.disk().membership()).contains("permitted")) {
            return "own";
        }
        if (Files.exists(files.datalog().resolve("initialize"))) {
            return "bootstraps";
        }
        return used ? "continues" : "joins";
    }

    private void provide(String disk) throws IOException {
        switch (disk) {
            case "blank" -> {}
            case "own", "unreadable", "repaired" -> haveOwnData();
            case "bootstrapping" -> {
                membership("", "server.3=earlier\n");
                Files.writeString(files.datalog().resolve("initialize"), "");
            }
            case "learning" -> membership("", "server.1=a\nserver.3=earlier:observer\n");
            case "partial" -> {
                haveOwnData();
                Files.delete(files.datalog().resolve("version-2"));
            }
            case "removed" -> {
                haveOwnData();
                membership(".200000000", "server.1=a\nserver.33=x\n");
            }
            case "foreign-server" -> {
                haveOwnData();
                Files.writeString(files.myid(), "1\n");
            }
            case "foreign-ensemble" -> {
                haveOwnData();
                Files.writeString(files.identity(), "elsewhere/solr\n");
            }
            default -> throw new IllegalArgumentException(disk);
        }
    }

    private void haveOwnData() throws IOException {
        Files.createDirectories(snapshot().getParent());
        Files.createDirectories(files.datalog().resolve("version-2"));
        Files.writeString(snapshot(), "a snapshot");
        membership(".100000000", "server.3=c\n");
    }

    private void membership(String suffix, String text) throws IOException {
        Files.writeString(files.zooCfg().resolveSibling("zoo.cfg.dynamic" + suffix), text);
    }

    private Path snapshot() {
        return files.data().resolve("version-2").resolve("snapshot.0");
    }

    private void permit(String word, boolean used) throws IOException {
        if (word.equals("none")) {
            return;
        }
        StartPermit how = word.equals("join") ? StartPermit.JOIN : StartPermit.BOOTSTRAP;
        List<String> membership = how == StartPermit.JOIN ? TO_JOIN : TO_BOOTSTRAP;
        if (used) {
            entrance.markPermitted(how, membership);
        } else {
            entrance.permit(how, membership);
        }
    }
}
