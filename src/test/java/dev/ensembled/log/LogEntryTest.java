package dev.ensembled.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogEntryTest {
    @Test
    void valuesAreInTheOrderOfTheKeysAndQuotedWhereTheyAreNoWords() {
        LogEntry entry = LogEntry.of("step taken")
                .with(LogKey.REASON, "it says \"no\" at C:\\data")
                .with(LogKey.MEMBER, 2)
                .with(LogKey.ENSEMBLE, "a/b")
                .with(LogKey.LEADER_CHANGES, 1);

        assertThat(entry)
                .hasToString("step taken ensemble=a/b member=2 reason=\"it says \\\"no\\\" at C:\\\\data\""
                        + " leaderChanges=1");
        assertThat(entry.fields()).containsEntry("leaderChanges", "1").containsEntry("ensemble", "a/b");
    }

    @Test
    void valueThatLooksLikeAnotherKeyStaysOneValue() {
        assertThat(LogEntry.of("x").with(LogKey.NAME, "a gate=open")).hasToString("x name=\"a gate=open\"");
    }

    @Test
    void absentValuesHaveNoKey() {
        LogEntry entry = LogEntry.of("x")
                .with(LogKey.MEMBER, Optional.empty())
                .with(LogKey.COMMIT, null)
                .with(LogKey.REASONS, "")
                .with(LogKey.ROLE, Optional.of("leader"));

        assertThat(entry).hasToString("x role=leader");
    }
}
