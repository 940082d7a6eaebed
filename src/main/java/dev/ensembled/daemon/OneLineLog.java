package dev.ensembled.daemon;

import dev.ensembled.reconciler.spec.model.SafeText;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;

/**
 * Writes each log message as one line, whatever it quotes: the name of a file or the answer of a server must not look like
 * a separate log line. {@link LogRedaction} applies it, because a handler has only one filter.
 */
final class OneLineLog implements Filter {
    private static final int MAX_DEPTH = 20;
    private static final ExtFormatter FORMATTER = new ExtFormatter() {
        @Override
        public String format(ExtLogRecord record) {
            return formatMessage(record);
        }
    };

    @Override
    public boolean isLoggable(LogRecord record) {
        if (record instanceof ExtLogRecord extended) {
            String message = FORMATTER.format(extended);
            if (message != null && !SafeText.of(message).equals(message)) {
                extended.setMessage(SafeText.of(message), ExtLogRecord.FormatStyle.NO_FORMAT);
                extended.setParameters(null);
            }
        }
        if (record.getThrown() != null) {
            record.setThrown(withOneLineMessages(record.getThrown(), 0));
        }
        return true;
    }

    /** Replaces only an exception that has a message of several lines, or a cause with one. */
    private static Throwable withOneLineMessages(Throwable thrown, int depth) {
        boolean last = thrown.getCause() == null || depth > MAX_DEPTH;
        Throwable cause = last ? thrown.getCause() : withOneLineMessages(thrown.getCause(), depth + 1);
        String text = thrown.toString();
        return SafeText.of(text).equals(text) && cause == thrown.getCause()
                ? thrown
                : new OneLineException(thrown, cause);
    }

    /** An exception that is printed under the name of the original one. */
    @SuppressWarnings("OverrideThrowableToString")
    private static final class OneLineException extends Exception {
        private static final long serialVersionUID = 1;

        private final String text;

        OneLineException(Throwable original, Throwable cause) {
            super(original.getMessage(), cause);
            this.text = SafeText.of(original.toString());
            setStackTrace(original.getStackTrace());
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
