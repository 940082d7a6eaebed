package dev.ensembled.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensembled.git.settings.Redaction;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.formatters.JsonFormatter;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;

class LogRedactionTest {
    private static final String SEED = "xoxb-S33D-log";
    private static final LogEntry ENTRY = LogEntry.of("gate closed")
            .with(LogKey.ENSEMBLE, "a/b")
            .with(LogKey.REASON, "the server said\n" + SEED + " at https://u:p@host/x?token=" + SEED);

    LogRedactionTest() {
        Redaction.learn("user", SEED);
    }

    @Test
    void jsonLineHasTheConstantMessageAndAFieldForEachKeyWithoutSecrets() throws Exception {
        String line = logged(true, ENTRY, null, new JsonFormatter("MDC=fields"));

        JsonNode json = new ObjectMapper().readTree(line);
        assertThat(line.strip()).doesNotContain("\n").doesNotContain("S33D");
        assertThat(json.path("message").asText()).isEqualTo("gate closed");
        assertThat(json.path("fields").path("ensemble").asText()).isEqualTo("a/b");
        assertThat(json.path("fields").path("reason").asText()).isEqualTo("the server said?*** at https://host/x");
    }

    @Test
    void textLineHasTheSameKeysWithoutSecrets() {
        String line = logged(false, ENTRY, null, new PatternFormatter("%s%e"));

        assertThat(line).isEqualTo("gate closed ensemble=a/b reason=\"the server said?*** at https://host/x\"");
    }

    @Test
    void exceptionOfAJsonLineHasNoSecretAndStaysOnTheLine() throws Exception {
        String line = logged(
                true, ENTRY, new IllegalStateException("refused " + SEED + "\nnext"), new JsonFormatter("MDC=fields"));

        assertThat(line.strip()).doesNotContain("\n").doesNotContain("S33D");
        assertThat(new ObjectMapper().readTree(line).path("message").asText()).contains("refused ***");
    }

    /** The line as both handlers, console and file, write it: the filter gets the record twice. */
    private static String logged(boolean json, LogEntry entry, Throwable thrown, ExtFormatter formatter) {
        ExtLogRecord written = new ExtLogRecord(Level.INFO, "%s", FormatStyle.PRINTF, "test");
        written.setParameters(new Object[] {entry});
        written.setThrown(thrown);
        LogRedaction filter = new LogRedaction(json);
        assertThat(filter.isLoggable(written)).isTrue();
        assertThat(filter.isLoggable(written)).isTrue();
        return formatter.format(written);
    }
}
