package dev.ensembled.daemon;

import dev.ensembled.git.settings.Redaction;
import io.quarkus.logging.LoggingFilter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;

/**
 * Applies {@link Redaction} to every log record, including those of libraries, which log addresses and answers of servers
 * too. Lets every record through, each message as one line. The log settings refer to this filter by its name.
 */
@LoggingFilter(name = "redaction")
public final class LogRedaction implements Filter {

    private static final ExtFormatter MESSAGE = new ExtFormatter() {
        @Override
        public String format(ExtLogRecord entry) {
            return formatMessage(entry);
        }
    };

    private final OneLineLog oneLine = new OneLineLog();

    @Override
    public boolean isLoggable(LogRecord entry) {
        oneLine.isLoggable(entry);
        String text = MESSAGE.format(entry);
        String shown = Redaction.text(text);
        Optional<String> trace = Optional.ofNullable(entry.getThrown()).map(LogRedaction::written);
        Optional<String> shownTrace = trace.map(Redaction::text);
        if (!trace.equals(shownTrace)) {
            entry.setThrown(null);
            rewrite(entry, shown + "\n" + shownTrace.get());
        } else if (!shown.equals(text)) {
            rewrite(entry, shown);
        }
        return true;
    }

    private static void rewrite(LogRecord entry, String text) {
        if (entry instanceof ExtLogRecord own) {
            own.setMessage(text, FormatStyle.NO_FORMAT);
        } else {
            entry.setMessage(text);
        }
        entry.setParameters(null);
    }

    private static String written(Throwable thrown) {
        StringWriter written = new StringWriter();
        thrown.printStackTrace(new PrintWriter(written, true));
        return written.toString();
    }
}
