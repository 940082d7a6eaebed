package dev.ensembled.cli;

import dev.ensembled.Ensembled;
import java.io.PrintWriter;
import java.io.StringWriter;

/** A command as a person runs it: its exit code, and what it prints. */
public record CommandRun(int code, String out, String err) {
    public static CommandRun of(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] texts = new String[arguments.length];
        for (int index = 0; index < arguments.length; index++) {
            texts[index] = arguments[index].toString();
        }
        int code = Ensembled.commandLine(texts)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(texts);
        return new CommandRun(code, out.toString(), err.toString());
    }
}
