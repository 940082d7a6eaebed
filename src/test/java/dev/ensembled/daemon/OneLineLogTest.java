package dev.ensembled.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;

class OneLineLogTest {
    private static final PatternFormatter FORMATTER = new PatternFormatter("%p %s%e%n");

    @Test
    void quotedTextCannotForgeALogLineOrMoveTheCursor() {
        ExtLogRecord record = new ExtLogRecord(Level.WARN, "file=%s", FormatStyle.PRINTF, "test");
        record.setParameters(new Object[] {"a\nERROR the end \u001b[2J\u202etxt\ud800.yaml"});

        assertThat(new OneLineLog().isLoggable(record)).isTrue();

        assertThat(FORMATTER.format(record))
                .isEqualTo("WARN file=a?ERROR the end ?[2J?txt?.yaml" + System.lineSeparator());
    }

    @Test
    void exceptionMessageCannotForgeALogLineEither() {
        ExtLogRecord record = new ExtLogRecord(Level.ERROR, "failed", FormatStyle.NO_FORMAT, "test");
        record.setThrown(new IllegalStateException("outer", new IOException("in\nERROR forged")));

        new OneLineLog().isLoggable(record);

        assertThat(FORMATTER.format(record))
                .contains("java.lang.IllegalStateException: outer")
                .contains("java.io.IOException: in?ERROR forged")
                .doesNotContain("\nERROR forged");
    }

    @Test
    void ordinaryLogRecordIsUnchanged() {
        ExtLogRecord record = new ExtLogRecord(Level.INFO, "ensemble=%s größe=%d", FormatStyle.PRINTF, "test");
        record.setParameters(new Object[] {"a/b", 5});
        IOException thrown = new IOException("plain");
        record.setThrown(thrown);

        new OneLineLog().isLoggable(record);

        assertThat(record.getThrown()).isSameAs(thrown);
        assertThat(FORMATTER.format(record)).startsWith("INFO ensemble=a/b größe=5");
    }
}
