package dev.ensembled.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ensembled.notification.Receiver;
import dev.ensembled.notification.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From the mounted file to the receivers of notifications. */
class ReceiversFileTest {
    @TempDir
    Path directory;

    private List<Receiver> read(String text) throws IOException {
        Path file = directory.resolve("receivers.yaml");
        Files.writeString(file, text);
        return ReceiversFile.of(TestSettings.of(Map.of("ENSEMBLED_NOTIFICATIONS", file.toString())));
    }

    @Test
    void entryHasAllSettingsOrTheirDefaults() throws Exception {
        assertThat(
                        read(
                                """
                        - {name: ops, type: slack}
                        - name: bus
                          type: cloudevents
                          credentials: /etc/bus
                          severity: warning
                          ensembles: [kafka/*]
                        """))
                .containsExactly(
                        new Receiver(
                                "ops",
                                Receiver.Type.SLACK,
                                Path.of("/etc/ensembled/notifications/ops"),
                                Severity.INFO,
                                List.of()),
                        new Receiver(
                                "bus",
                                Receiver.Type.CLOUDEVENTS,
                                Path.of("/etc/bus"),
                                Severity.WARNING,
                                List.of("kafka/*")));
    }

    @Test
    void withoutTheSettingThereAreNone() {
        assertThat(ReceiversFile.of(TestSettings.of(Map.of()))).isEmpty();
        assertThat(ReceiversFile.of(TestSettings.of(Map.of("ENSEMBLED_NOTIFICATIONS", ""))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            '- {type: slack}'                                     | receivers.yaml:1:3: name is not set
            '- {name: ops}'                                       | expected one of [slack, webhook, cloudevents]
            '- {name: ops, type: mail}'                           | type is "mail"; expected one of [slack, webhook, cloudevents]
            '- {name: ops, type: slack, severity: loud}'          | severity is "loud"; expected one of [info, warning, error]
            '- {name: ops, type: slack, url: "https://x/S33D"}'   | unknown field "url"
            '- {name: ops, type: slack, ensembles: [kafka]}'      | ensembles has "kafka"; expected NAMESPACE/NAME
            '- {name: ../ops, type: slack}'                       | name is "../ops"; expected at most 63 lower-case letters
            '[{name: a, type: slack}, {name: a, type: slack}]'    | name is that of another receiver
            'name: ops'                                           | no list; expected a list of receivers, each with name and type
            '- [ops]'                                             | expected a mapping with name and type
            """)
    void invalidFileIsRefusedWithWhereAndWhatIsExpected(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(text))
                .withMessageStartingWith("the file of ENSEMBLED_NOTIFICATIONS, ")
                .withMessageContaining(message)
                .withMessageNotContaining("S33D");
    }
}
