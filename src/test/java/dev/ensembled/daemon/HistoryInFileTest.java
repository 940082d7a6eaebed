package dev.ensembled.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.ensembled.git.history.AcceptedCommit;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryInFileTest {
    private static final AcceptedCommit COMMIT =
            new AcceptedCommit("https://host/c", "branch \"main\"", "1234567890123456789012345678901234567890", null);

    @TempDir
    Path directory;

    @Test
    void recordIsReadByTheNextProcess() throws Exception {
        assertThat(HistoryInFile.in(directory, "default").read()).isEmpty();

        HistoryInFile.in(directory, "default").write(COMMIT);

        assertThat(HistoryInFile.in(directory, "default").read()).contains(COMMIT);
        assertThat(directory.resolve("source-history.json")).isRegularFile();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "{}",
                "{\"repository\":\"r\",\"reference\":\"b\"}",
                "{\"repository\":\"r\",\"reference\":\"b\",\"commit\":\"123\"}"
            })
    void damagedRecordIsAnErrorAndNotTheAbsenceOfOne(String content) throws Exception {
        HistoryInFile history = HistoryInFile.in(directory, "default");
        Files.writeString(directory.resolve("source-history.json"), content);

        assertThatIOException().isThrownBy(history::read).withMessageContaining("source-history.json cannot be read");
    }
}
