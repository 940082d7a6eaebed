package dev.ensembled.reconciler.spec.validation.server;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Options of the JVM that neither run code nor write files outside /logs, as far as the option shows it. A closed list:
 * an option that is not known to be harmless is refused, because every JVM has harmful options that no list contains.
 */
final class SafeJvmOptions {
    private static final String ALLOW = ": remove it. The installation can allow it (ENSEMBLED_JVM_OPTIONS=any)";

    /** Refused options with a more specific reason, by how the option begins. */
    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("-javaagent", "runs code"),
            Map.entry("-agent", "runs code"),
            Map.entry("-Xrun", "runs code"),
            Map.entry("-Xdebug", "allows other processes to run code"),
            Map.entry("-Xbootclasspath", "loads other code"),
            Map.entry("-XX:OnError", "runs a command"),
            Map.entry("-XX:OnOutOfMemoryError", "runs a command"),
            Map.entry("-XX:Flags", "reads further options from a file"),
            Map.entry("-XX:VMOptionsFile", "reads further options from a file"),
            Map.entry("-Dcom.sun.management", "allows others to run code through JMX"),
            Map.entry("-Dlogback", "reads a configuration that can run code and write files"),
            Map.entry("-Dzookeeper.log.", "moves the log from which ensembled reads why a server terminated"));

    private static final Pattern SWITCH = Pattern.compile("-XX:[+-](\\w+)");
    private static final Pattern NUMBER = Pattern.compile("-XX:\\w+=[0-9]+(\\.[0-9]+)?[kKmMgGtT]?");
    private static final Pattern NO_NUMBER = Pattern.compile(
            "-XX:(OnError|OnOutOfMemoryError|Flags|VMOptionsFile|\\w*(File|Path|Command|Options|At))=.*");
    private static final Pattern WORD = Pattern.compile(
            "-XX:(NativeMemoryTracking=(off|summary|detail)" + "|ShenandoahGC(Mode|Heuristics)=[a-z]+)");
    private static final Pattern FILE = Pattern.compile("(?:-XX:(?:ErrorFile|HeapDumpPath)=|-Xloggc:)(.+)");
    private static final Pattern LOG_DIRECTORY = Pattern.compile("/logs(/[A-Za-z0-9_%-][A-Za-z0-9_.%-]*)*/?");

    /** Switches that make a JVM run other code, open it to other processes, or leave files. */
    private static final Pattern BAD_SWITCH =
            Pattern.compile("(?i).*(JVMCI|UnlockDiagnostic|WhiteBox|Attach|Agent|ManagementServer"
                    + "|MessageBox|FlightRecorder|Dump(?!OnOutOfMemoryError)|SharedArchive|SaveToFile|LogVMOutput|LogCompilation"
                    + "|Replay|AllowRedefinition|DisableAttach|AllowUserSignalHandlers|AbortVM|CrashOn).*");

    private static final Pattern PLAIN = Pattern.compile(
            "-Xss[0-9]+[kKmMgG]?|-X(int|comp|mixed|batch|rs|noclassgc|diag)"
                    + "|-Xcheck:jni|-Xshare:(auto|on|off)|-XshowSettings(:\\w+)?|-Xverify:\\w+|-server"
                    + "|-(ea|da|esa|dsa|enableassertions|disableassertions)(:[\\w.]+)?|-verbose:(gc|class|jni|module)"
                    + "|--(add-(opens|exports|reads|modules)|enable-native-access|illegal-access)=[\\w./=,-]+|--enable-preview");

    /** System properties whose value the JDK or a library uses as a number, a name or a file to read. */
    private static final Set<String> PROPERTIES = Set.of(
            "file.encoding",
            "java.awt.headless",
            "java.net.preferIPv4Stack",
            "java.net.preferIPv6Addresses",
            "java.security.egd",
            "java.security.krb5.conf",
            "java.security.krb5.kdc",
            "java.security.krb5.realm",
            "javax.net.debug",
            "javax.security.auth.useSubjectCredsOnly",
            "sun.security.krb5.debug",
            "sun.security.krb5.principal",
            "user.country",
            "user.language",
            "user.timezone");

    /** A file in the pod, not a URL. */
    private static final Pattern LOGIN_FILE = Pattern.compile("-Djava\\.security\\.auth\\.login\\.config==?/[\\w./-]+");

    private static final List<String> PROPERTIES_BELOW = List.of("zookeeper.", "jute.", "jdk.tls.");

    private SafeJvmOptions() {}

    /** Why an option is not accepted; empty if it is harmless. */
    static Optional<String> objection(String option) {
        return isSafe(option) ? Optional.empty() : Optional.of(reason(option) + ALLOW);
    }

    private static String reason(String option) {
        Matcher file = FILE.matcher(option);
        if (file.matches() || option.startsWith("-Xlog")) {
            return option + " writes a file, which is allowed only below /logs";
        }
        return REASONS.entrySet().stream()
                .filter(entry -> option.startsWith(entry.getKey()))
                .map(entry -> option + " " + entry.getValue())
                .findFirst()
                .orElse(option + " is not in the list of options that neither run code nor write files");
    }

    private static boolean isSafe(String option) {
        if (option.startsWith("-D")) {
            return LOGIN_FILE.matcher(option).matches()
                    || isSafeProperty(option.substring(2).replaceFirst("=.*", ""));
        }
        Matcher file = FILE.matcher(option);
        if (file.matches()) {
            return isLogFile(file.group(1));
        }
        if (option.startsWith("-Xlog")) {
            return isSafeLog(option);
        }
        Matcher flag = SWITCH.matcher(option);
        if (flag.matches()) {
            return !BAD_SWITCH.matcher(flag.group(1)).matches();
        }
        return isSafeNumber(option)
                || WORD.matcher(option).matches()
                || PLAIN.matcher(option).matches();
    }

    /** Whether an option has a harmless number as its value. OnError=1 would run the command 1. */
    private static boolean isSafeNumber(String option) {
        return NUMBER.matcher(option).matches() && !NO_NUMBER.matcher(option).matches();
    }

    private static boolean isSafeProperty(String name) {
        return PROPERTIES.contains(name)
                || isZooKeepers(name)
                || (PROPERTIES_BELOW.stream().anyMatch(name::startsWith) && !name.startsWith("zookeeper.log."));
    }

    /**
     * Whether only ZooKeeper reads this name; {@link SystemPropertyRule} checks these, and names the setting to use in
     * their place.
     */
    private static boolean isZooKeepers(String name) {
        return !name.startsWith("java.")
                && (ServerKeys.of(name).isPresent()
                        || ServerKeys.ofHeading(name).isPresent());
    }

    /** {@code -Xlog[:what[:output[:decorators[:options]]]]}, where an output that is not a stream is a file. */
    private static boolean isSafeLog(String option) {
        if (option.equals("-Xlog")) {
            return true;
        }
        String[] parts = option.split(":", -1);
        if (!parts[0].equals("-Xlog")) {
            return false;
        }
        String output = parts.length < 3 ? "" : parts[2];
        return output.isEmpty()
                || output.equals("stdout")
                || output.equals("stderr")
                || isLogFile(output.replaceFirst("^file=", ""));
    }

    private static boolean isLogFile(String path) {
        return LOG_DIRECTORY.matcher(path).matches();
    }
}
