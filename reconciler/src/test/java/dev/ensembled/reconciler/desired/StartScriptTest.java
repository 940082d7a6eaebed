package dev.ensembled.reconciler.desired;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What the script does with a disk, a permit and a server, step by step; {@link StartDecisionsTest} covers every
 * decision.
 */
class StartScriptTest extends StartScriptFixture {
    @Test
    void bootstrapServerTakesItsIdFromItsOrdinalAndStartsEmpty() throws Exception {
        permit("bootstrap", "server.2=b", "server.3=c");

        assertThat(run("kafka-2")).isEqualTo(7);

        assertThat(read("data/myid")).isEqualTo("3\n");
        assertThat(read("data/ensembled/ensemble")).isEqualTo(ENSEMBLE + "\n");
        assertThat(directory.resolve("datalog/initialize")).exists();
        assertThat(read("data/ensembled/zoo.cfg"))
                .isEqualTo("dataDir=/data\ndynamicConfigFile=" + at("data/ensembled/zoo.cfg.dynamic") + "\n");
        assertThat(read("data/ensembled/zoo.cfg.dynamic")).isEqualTo("server.2=b\nserver.3=c\n");
        assertThat(read("conf/logback.xml")).isEqualTo("<configuration/>\n");
        assertThat(read("arguments")).isEqualTo("start-foreground " + at("data/ensembled/zoo.cfg") + "\n");
    }

    @Test
    void blankServerWithoutAPermitDoesNotStart() throws Exception {
        assertThat(run("kafka-2")).isEqualTo(81);

        assertThat(read("last-words")).contains("server 3 finds no data", "no permit");
        assertThat(directory.resolve("arguments")).doesNotExist();
        assertThat(directory.resolve("data/myid")).doesNotExist();
    }

    @Test
    void blankServerStartsWhenItsPermitArrives() throws Exception {
        waitSeconds = 20;
        start("kafka-2");
        awaitText("output", "waiting for a start permit");

        permit("join", "server.1=a", "server.3=c:observer");

        assertThat(end()).isEqualTo(7);
        assertThat(read("data/ensembled/zoo.cfg.dynamic")).isEqualTo("server.1=a\nserver.3=c:observer\n");
        assertThat(directory.resolve("datalog/initialize")).doesNotExist();
    }

    @Test
    void serverWithItsOwnDataStartsWithoutAPermit() throws Exception {
        haveData("kept");
        write("data/ensembled/zoo.cfg.dynamic.100000000", "server.3=c\n");

        assertThat(run("kafka-2")).isEqualTo(7);

        assertThat(read("data/version-2/snapshot.0")).isEqualTo("kept");
        assertThat(directory.resolve("datalog/initialize")).doesNotExist();
    }

    @Test
    void bootstrapPermitNeverTouchesExistingData() throws Exception {
        haveData("kept");
        write("data/ensembled/zoo.cfg.dynamic.100000000", "server.3=c\n");
        permit("bootstrap", "server.3=other");

        assertThat(run("kafka-2")).isEqualTo(7);

        assertThat(read("data/version-2/snapshot.0")).isEqualTo("kept");
        assertThat(read("data/ensembled/zoo.cfg")).contains("zoo.cfg.dynamic.100000000");
        assertThat(directory.resolve("datalog/initialize")).doesNotExist();
    }

    @Test
    void joiningServerSetsItsDataAsideAndDropsItsMembership() throws Exception {
        haveData("old");
        write("datalog/version-2/log.1", "old log");
        write("data/ensembled/zoo.cfg.dynamic.100000000", "server.3=c\n");
        permit("join", "server.1=a", "server.3=c:observer");

        assertThat(run("kafka-2")).isEqualTo(7);

        assertThat(directory.resolve("data/version-2")).doesNotExist();
        assertThat(read("data/aside/version-2/snapshot.0")).isEqualTo("old");
        assertThat(read("datalog/aside/version-2/log.1")).isEqualTo("old log");
        assertThat(directory.resolve("data/ensembled/zoo.cfg.dynamic.100000000"))
                .doesNotExist();
        assertThat(read("data/ensembled/zoo.cfg.dynamic")).isEqualTo("server.1=a\nserver.3=c:observer\n");
    }

    @Test
    void emptyDatabaseDoesNotReplaceTheOneSetAside() throws Exception {
        haveData("valuable");
        permit("join", "server.3=c:observer");
        run("kafka-2");
        Files.createDirectories(directory.resolve("data/version-2"));
        write("data/version-2/currentEpoch", "1");
        Files.delete(directory.resolve("conf/ensembled-start-permit-used"));

        run("kafka-2");

        assertThat(read("data/aside/version-2/snapshot.0")).isEqualTo("valuable");
    }

    @Test
    void containerRestartKeepsWhatAJoiningServerHasFetched() throws Exception {
        permit("join", "server.1=a", "server.3=c:observer");
        run("kafka-2");
        haveData("fetched");
        write("data/ensembled/zoo.cfg.dynamic.100000000", "server.1=a\n");

        assertThat(run("kafka-2")).isEqualTo(7);

        assertThat(read("data/version-2/snapshot.0")).isEqualTo("fetched");
        assertThat(read("data/ensembled/zoo.cfg")).contains(at("data/ensembled/zoo.cfg.dynamic") + "\n");
        assertThat(read("data/ensembled/zoo.cfg.dynamic")).contains("server.3=c:observer");
    }

    @Test
    void joiningServerThatCrashedBeforeItsSyncContinuesToJoin() throws Exception {
        permit("join", "server.1=a", "server.3=c:observer");
        run("kafka-2");

        assertThat(run("kafka-2")).isEqualTo(7);

        assertThat(read("data/ensembled/zoo.cfg.dynamic")).contains("server.3=c:observer");
    }

    @Test
    void joinedServerUsesTheMembershipThatListsIt() throws Exception {
        permit("join", "server.1=a", "server.3=c:observer");
        run("kafka-2");
        haveData("fetched");
        write("data/ensembled/zoo.cfg.dynamic.200000000", "server.1=a\nserver.3=c\n");

        run("kafka-2");

        assertThat(read("data/ensembled/zoo.cfg")).contains("zoo.cfg.dynamic.200000000");
        assertThat(read("data/version-2/snapshot.0")).isEqualTo("fetched");
    }

    @Test
    void startPermitIsValidForOneStart() throws Exception {
        permit("bootstrap", "server.3=c");
        run("kafka-2");
        Files.delete(directory.resolve("datalog/initialize"));

        assertThat(run("kafka-2")).isEqualTo(81);

        assertThat(read("last-words")).contains("finds no data");
    }

    @Test
    void latePermitTouchesNothingOfARunningServer() throws Exception {
        haveData("own");
        write("data/ensembled/zoo.cfg.dynamic.100000000", "server.3=c\n");
        run("kafka-2");
        permit("join", "server.1=a", "server.3=c:observer");

        assertThat(run("kafka-2")).isEqualTo(7);

        assertThat(read("data/version-2/snapshot.0")).isEqualTo("own");
        assertThat(read("data/ensembled/zoo.cfg")).contains("zoo.cfg.dynamic.100000000");
    }

    @Test
    void interruptedBootstrapContinues() throws Exception {
        permit("bootstrap", "server.3=c");
        run("kafka-2");

        assertThat(run("kafka-2")).as("ZooKeeper has not read the mark yet").isEqualTo(7);
    }

    @Test
    void logOrSnapshotsAloneAreABlankDisk() throws Exception {
        haveData("snapshots");
        write("data/ensembled/zoo.cfg.dynamic.100000000", "server.3=c\n");
        Files.delete(directory.resolve("datalog/version-2"));

        assertThat(run("kafka-2")).isEqualTo(81);

        Files.createDirectory(directory.resolve("datalog/version-2"));
        Files.delete(directory.resolve("data/version-2/snapshot.0"));

        assertThat(run("kafka-2")).isEqualTo(81);
    }

    @Test
    void aServerThatWasRemovedDoesNotStartByItself() throws Exception {
        haveData("old");
        write("data/ensembled/zoo.cfg.dynamic.100000000", "server.3=c\n");
        write("data/ensembled/zoo.cfg.dynamic.200000000", "server.1=a\nserver.33=x\n");

        assertThat(run("kafka-2")).isEqualTo(81);

        assertThat(read("last-words")).contains("does not list it", "removed");
        assertThat(read("data/version-2/snapshot.0")).isEqualTo("old");
    }

    @Test
    void aServerDoesNotStartOnTheDataOfAnother() throws Exception {
        write("data/myid", "1\n");
        permit("bootstrap", "server.3=c");

        assertThat(run("kafka-2")).isEqualTo(82);

        assertThat(read("last-words")).contains("belongs to server '1'", "kafka-2 is server 3", "not starting on it");
        assertThat(directory.resolve("arguments")).doesNotExist();
        assertThat(read("data/myid")).isEqualTo("1\n");
    }

    @Test
    void aServerDoesNotStartOnTheDataOfAnotherEnsemble() throws Exception {
        haveData("foreign");
        write("data/ensembled/ensemble", "elsewhere/solr\n");
        write("data/ensembled/zoo.cfg.dynamic.100000000", "server.3=c\n");

        assertThat(run("kafka-2")).isEqualTo(82);

        assertThat(read("last-words")).contains("elsewhere/solr", ENSEMBLE);
    }

    @Test
    void joiningServerSetsForeignDataAside() throws Exception {
        haveData("foreign");
        write("data/myid", "1\n");
        write("data/ensembled/ensemble", "elsewhere/solr\n");
        permit("join", "server.3=c:observer");

        assertThat(run("kafka-2")).isEqualTo(7);

        assertThat(read("data/myid")).isEqualTo("3\n");
        assertThat(read("data/ensembled/ensemble")).isEqualTo(ENSEMBLE + "\n");
        assertThat(read("data/aside/version-2/snapshot.0")).isEqualTo("foreign");
    }

    @Test
    void theDigestOfTheSuperUserReachesTheServerAndNotTheLog() throws Exception {
        write("super/digest", "c2VjcmV0");
        permit("bootstrap", "server.3=c");

        run("kafka-2");

        assertThat(read("data/ensembled/zoo.cfg"))
                .contains("DigestAuthenticationProvider.superDigest=super:c2VjcmV0\n");
        assertThat(read("output")).doesNotContain("c2VjcmV0");
    }

    @Test
    void unreadableDataIsReported() throws Exception {
        permit("bootstrap", "server.3=c");
        server(
                "printf 'ERROR Unable to load database on disk\\njava.io.IOException: CRC check failed\\n\\tat Some.java\\n' > "
                        + at("logs/troubles.log") + "; exit 1");

        assertThat(run("kafka-2")).isEqualTo(83);

        assertThat(read("last-words"))
                .contains("Unable to load database", "CRC check failed")
                .doesNotContain("Some.java");
    }

    @Test
    void unreadableDataWaitsForAPermitInTheNextPod() throws Exception {
        haveUnreadableData();

        assertThat(run("kafka-2")).isEqualTo(83);

        assertThat(read("last-words")).contains("could not read its data", "CRC check failed");
        permit("join", "server.1=a", "server.3=c:observer");
        assertThat(run("kafka-2")).isEqualTo(7);
        assertThat(read("data/aside/version-2/snapshot.0")).isEqualTo("broken");
    }

    @Test
    void dataThatWasRepairedIsReadAgain() throws Exception {
        haveUnreadableData();
        write("data/version-2/snapshot.0", "restored from a backup");

        assertThat(run("kafka-2")).isEqualTo(7);

        assertThat(read("data/version-2/snapshot.0")).isEqualTo("restored from a backup");
    }

    /** A server that started on its own data could not read it, and its pod was replaced. */
    private void haveUnreadableData() throws Exception {
        haveData("broken");
        write("data/ensembled/zoo.cfg.dynamic.100000000", "server.3=c\n");
        server("printf 'ERROR Unable to load database on disk\njava.io.IOException: CRC check failed\n' > "
                + at("logs/troubles.log") + "; exit 1");
        assertThat(run("kafka-2")).isEqualTo(83);
        server("exit 7");
        Files.delete(directory.resolve("conf/ensembled-start-permit-used"));
        Files.delete(directory.resolve("logs/troubles.log"));
    }

    @Test
    void fullDiskIsNotReportedAsCorrupted() throws Exception {
        permit("bootstrap", "server.3=c");
        server("printf 'ERROR Unable to load database on disk\\njava.io.IOException: No space left on device\\n' > "
                + at("logs/troubles.log") + "; exit 1");

        assertThat(run("kafka-2")).isEqualTo(1);

        assertThat(read("last-words")).contains("No space left on device");
    }

    @Test
    void fullHeapIsReportedAndNotAsACorruptedDisk() throws Exception {
        permit("bootstrap", "server.3=c");
        server("printf 'ERROR Unable to load database on disk\\njava.lang.OutOfMemoryError: Java heap space\\n' > "
                + at("logs/troubles.log") + "; exit 1");
        assertThat(run("kafka-2")).isEqualTo(1);
        assertThat(read("last-words")).contains("java.lang.OutOfMemoryError");

        // When the JVM exits by itself, it leaves nothing but its exit code
        server("exit 3");
        assertThat(run("kafka-2")).isEqualTo(3);
        assertThat(read("last-words")).contains("java.lang.OutOfMemoryError");

        // Which ZooKeeper also uses for another failure
        server("printf 'ERROR Unable to access datadir, exiting abnormally\\n' > " + at("logs/troubles.log")
                + "; exit 3");
        assertThat(run("kafka-2")).isEqualTo(3);
        assertThat(read("last-words")).contains("datadir").doesNotContain("OutOfMemoryError");
    }

    @Test
    void failureOfAnEarlierStartIsNotReportedForThisStart() throws Exception {
        write("logs/troubles.log", "ERROR Unable to load database on disk\n");
        permit("bootstrap", "server.3=c");

        assertThat(run("kafka-2")).isEqualTo(7);
    }

    @Test
    void hostNameWithoutOrdinalIsRefused() throws Exception {
        assertThat(run("kafka")).isEqualTo(1);

        assertThat(read("output")).contains("does not end in an ordinal");
    }

    @Test
    void newestCommittedMembershipIsUsed() throws Exception {
        haveData("kept");
        write("data/ensembled/zoo.cfg.dynamic", "server.1=initial\n");
        write("data/ensembled/zoo.cfg.dynamic.9ffffffff", "older\n");
        write("data/ensembled/zoo.cfg.dynamic.100000000a", "server.1=newest\n");
        write("data/ensembled/zoo.cfg.dynamic.next", "not committed\n");
        write("config/zoo.cfg", "dataDir=/data\ntickTime=1\n");

        run("kafka-0");

        assertThat(read("data/ensembled/zoo.cfg"))
                .isEqualTo("dataDir=/data\ntickTime=1\ndynamicConfigFile="
                        + at("data/ensembled/zoo.cfg.dynamic.100000000a") + "\n");
        assertThat(read("data/ensembled/zoo.cfg.dynamic.100000000a")).isEqualTo("server.1=newest\n");
    }

    @Test
    void stopKillsAServerThatIgnoresTheSignal() throws Exception {
        server("trap '' TERM; echo $$ > " + at("pid") + "; while :; do sleep 0.1; done");
        permit("bootstrap", "server.1=a");
        start("kafka-0");
        await(directory.resolve("pid"));
        long server = Long.parseLong(read("pid").strip());

        process.destroy();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(137);
        assertThat(ProcessHandle.of(server).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void aServerThatIsKilledFromOutsideEndsThePod() throws Exception {
        permit("bootstrap", "server.1=a");
        server("kill -KILL $$");

        assertThat(run("kafka-0")).isEqualTo(137);
    }

    @Test
    void startingServerReportsHowMuchDataItHasMoved() throws Exception {
        write("config/ready.sh", "exit 1\n");
        server("exec cat /dev/zero >/dev/null");
        permit("bootstrap", "server.3=c");

        start("kafka-2");

        awaitText("output", "not serving yet, and moves data: ");
        assertThat(read("output")).containsPattern("moves data: [0-9]{7,} bytes since it was started\n");
    }

    @Test
    void servingServerReportsNoDataTransfer() throws Exception {
        write("config/ready.sh", "echo yes >>" + at("asked") + "\n");
        server("exec cat /dev/zero >/dev/null");
        permit("bootstrap", "server.3=c");

        start("kafka-2");

        await(directory.resolve("asked"));
        assertThat(read("output")).doesNotContain("moves data");
    }

    @Test
    void electingServerReportsNoDataTransfer() throws Exception {
        write("config/ready.sh", "echo asked >>" + at("asked") + "\nexit 1\n");
        server("for i in 1 2 3 4 5; do head -c 100000 /dev/zero >/dev/null; sleep 0.1; done; exit 7");
        permit("bootstrap", "server.3=c");

        assertThat(run("kafka-2")).isEqualTo(7);

        assertThat(directory.resolve("asked")).doesNotExist();
    }
}
