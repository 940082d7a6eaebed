package dev.ensembled.reconciler.spec.validation.pod;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Environment variables that are read between the start of the server's container and the start of the server: by the
 * shell, the dynamic loader, the resolver, {@code start.sh}, the scripts of the image, or the JVM.
 */
final class ServerVariables {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private static final Map<Pattern, String> READ = Map.of(
            Pattern.compile("HOSTNAME|ENSEMBLED_.*"),
            "a server finds by it which one it is and where its data is",
            Pattern.compile("ZOO.*|ZK_.*|JMX.*"),
            "the image's scripts read it. Use spec.config for settings and spec.jvm for the JVM",
            Pattern.compile(".*JVMFLAGS|_?JAVA.*|JDK_.*|JRE_.*|CLASSPATH|OPENJ9_.*|IBM_JAVA.*"),
            "the JVM or its start reads it. Use spec.jvm",
            Pattern.compile("BASH.*|ENV|SHELLOPTS|PATH|CDPATH|IFS|PS4|GLOBIGNORE|EXECIGNORE|POSIXLY_CORRECT|TMPDIR"),
            "the shell that starts the server reads it",
            Pattern.compile("LD_.*|GLIBC_.*|GCONV_PATH|LOCPATH|MALLOC_TRACE"),
            "the loader of every program reads it",
            Pattern.compile("LOCALDOMAIN|RES_OPTIONS|HOSTALIASES|RESOLV_.*"),
            "the resolver reads it, by which a server finds its peers");

    private ServerVariables() {}

    /** Why a variable may not be set; empty if it may. */
    static Optional<String> objection(String name) {
        if (!NAME.matcher(name).matches()) {
            return Optional.of("must consist of letters, digits and underscores and begin with none of the digits: the"
                    + " shell that starts the server reads others in ways of its own");
        }
        return READ.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(name).matches())
                .map(entry -> "ensembled owns this variable: " + entry.getValue())
                .findFirst();
    }
}
