package dev.ensembled.kubernetes.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is read from a server's log. */
class ServerLogTest {

    @Test
    void newestNumberInTheLogCountsAndNothingElseIsRead() {
        assertThat(
                        ServerLog.moved(
                                """
                        ensembled: server 3 of streaming/kafka, membership from /data/ensembled/zoo.cfg.dynamic
                        2026-11-24 23:00:01 INFO Getting a snapshot from leader 0x100000007
                        ensembled: not serving yet, and moves data: 52428800 bytes since it was started
                        2026-11-24 23:00:02 INFO ensembled: not serving yet, and moves data: 999999999 bytes
                        ensembled: not serving yet, and moves data: 104857600 bytes since it was started
                        """))
                .contains(104_857_600L);
    }

    @Test
    void aLogWithoutSuchALineSaysNothing() {
        assertThat(ServerLog.moved("")).isEmpty();
        assertThat(ServerLog.moved("LOOKING\nensembled: not serving yet, and moves data: many bytes\n"))
                .isEmpty();
        assertThat(ServerLog.moved("ensembled: not serving yet, and moves data: 99999999999999999999 bytes\n"))
                .isEmpty();
    }
}
