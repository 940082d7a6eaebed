package dev.ensembled.daemon;

import dev.ensembled.git.settings.Redaction;
import dev.ensembled.log.LogEntry;
import dev.ensembled.reconciler.spec.model.SafeText;
import io.quarkus.logging.LoggingFilter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
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
    private final boolean json;

    /**
     * Creates the filter.
     *
     * @param json whether lines are JSON objects: then keys and values are fields, and not part of the message
     */
    public LogRedaction(@ConfigProperty(name = "ensembled.log.json", defaultValue = "false") boolean json) {
        this.json = json;
    }

    @Override
    public boolean isLoggable(LogRecord entry) {
        withFields(entry);
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

    /** Each value is a field of its own, without secrets, before the whole text is looked at. */
    private void withFields(LogRecord entry) {
        Object[] parameters = entry.getParameters();
        if (entry instanceof ExtLogRecord own
                && parameters != null
                && parameters.length == 1
                && parameters[0] instanceof LogEntry line) {
            LogEntry shown = line.map(value -> SafeText.of(Redaction.text(value)));
            shown.fields().forEach(own::putMdc);
            rewrite(entry, json ? shown.message() : shown.toString());
        }
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
