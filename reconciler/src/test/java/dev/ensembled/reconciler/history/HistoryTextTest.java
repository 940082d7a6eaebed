package dev.ensembled.reconciler.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ensembled.reconciler.history.RecordedStep.State;
import dev.ensembled.reconciler.plan.RestartReason;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryTextTest {
    private static final Instant AT = Instant.parse("2026-03-01T12:00:00.250Z");
    private static final String TEXT =
            """
            {"version":1,"commits":[{"commit":"abc","generation":7,"revision":"r2","begun":"2026-03-01T12:00:00.250Z",\
            "steps":[{"kind":"RestartingMember","step":"restart member 2","member":2,"role":"follower","instance":"uid-2",\
            "reasons":["CONFIG_CHANGED","JVM_CHANGED"],"reason":"because","startedAt":"2026-03-01T12:00:00.250Z",\
            "endedAt":"2026-03-01T12:00:06.250Z","state":"Completed"}],\
            "holds":[{"gate":"budget","reason":"blocked","stalled":false,"since":"2026-03-01T12:00:00.250Z"}]}]}""";
    private static final History HISTORY = new History(List.of(new RecordedCommit(
            "abc",
            7,
            "r2",
            AT,
            null,
            List.of(new RecordedStep(
                    "RestartingMember",
                    "restart member 2",
                    2,
                    "follower",
                    "uid-2",
                    List.of(RestartReason.CONFIG_CHANGED, RestartReason.JVM_CHANGED),
                    "because",
                    AT,
                    AT.plusSeconds(6),
                    State.Completed)),
            List.of(new RecordedHold("budget", "blocked", false, AT, null)))));

    @Test
    void theTextIsJsonAndIsReadBack() throws Exception {
        assertThat(HistoryText.of(HISTORY)).isEqualTo(TEXT);
        assertThat(HistoryText.read(TEXT)).isEqualTo(HISTORY);
        assertThat(HistoryText.read(HistoryText.of(History.EMPTY))).isEqualTo(History.EMPTY);
    }

    @Test
    void fieldsAndReasonsOfALaterVersionAreLeftOut() throws Exception {
        String later = TEXT.replace("\"JVM_CHANGED\"", "\"JVM_CHANGED\",\"MOON_ROSE\"")
                .replace("\"generation\"", "\"mood\":{\"good\":true},\"generation\"");

        assertThat(HistoryText.read(later)).isEqualTo(HISTORY);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "||, not given",
                "null, not given",
                "|{\"commits\":[]}|, not given",
                "|[1,2]|, not given",
                "|{\"version\":2,\"commits\":[]}|, the version of its format is 2",
                "|{\"version\":1}|, it is not a history",
                "|{\"version\":1,\"commits\":[{\"commit\":\"abc\"}]}|, it is not a history",
                "|{\"version\":1,\"commits\":[null]}|, it is not a history",
                "|{\"version\":1,\"commits\":|, it is not a history",
                "garbage, it is not a history"
            })
    void aTextThatIsNoHistoryIsNamedAsSuch(String text, String cause) {
        assertThatThrownBy(() -> HistoryText.read(text == null ? "" : text))
                .isInstanceOf(UnreadableHistoryException.class)
                .hasMessageContaining(cause);
    }

    @Test
    void aTextThatIsFarTooLongIsNotParsed() {
        String text = TEXT + " ".repeat(4 * History.MAX_BYTES);

        assertThatThrownBy(() -> HistoryText.read(text))
                .isInstanceOf(UnreadableHistoryException.class)
                .hasMessageContaining("at most 262144 are read");
    }
}
