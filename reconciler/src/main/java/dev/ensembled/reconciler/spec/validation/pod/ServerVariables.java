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
            "a server derives its id and the location of its data from it",
            Pattern.compile("ZOO.*|ZK_.*|JMX.*"),
            "the scripts of the image read it. Use spec.config for settings and spec.jvm for the JVM",
            Pattern.compile(".*JVMFLAGS|_?JAVA.*|JDK_.*|JRE_.*|CLASSPATH|OPENJ9_.*|IBM_JAVA.*"),
            "the JVM or its launcher reads it. Use spec.jvm",
            Pattern.compile("BASH.*|ENV|SHELLOPTS|PATH|CDPATH|IFS|PS4|GLOBIGNORE|EXECIGNORE|POSIXLY_CORRECT|TMPDIR"),
            "the shell that starts the server reads it",
            Pattern.compile("LD_.*|GLIBC_.*|GCONV_PATH|LOCPATH|MALLOC_TRACE"),
            "the dynamic loader reads it",
            Pattern.compile("LOCALDOMAIN|RES_OPTIONS|HOSTALIASES|RESOLV_.*"),
            "the resolver of host names reads it");

    private ServerVariables() {}

    /** Why a variable may not be set; empty if it may. */
    static Optional<String> objection(String name) {
        if (!NAME.matcher(name).matches()) {
            return Optional.of("must consist of letters, digits and underscores, and not begin with a digit");
        }
        return READ.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(name).matches())
                .map(entry -> "ensembled owns this variable: " + entry.getValue())
                .findFirst();
    }
}
