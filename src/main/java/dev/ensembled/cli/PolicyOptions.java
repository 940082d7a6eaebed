package dev.ensembled.cli;

import dev.ensembled.reconciler.spec.validation.Policy;
import dev.ensembled.reconciler.spec.validation.Policy.JvmOptions;
import dev.ensembled.reconciler.spec.validation.Policy.PodSecurity;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What the installation allows, with the names and defaults of the daemon's own settings. */
final class PolicyOptions {
    @Option(
            names = "--namespaces",
            paramLabel = "NAMES",
            split = ",",
            defaultValue = "${env:ENSEMBLED_NAMESPACES}",
            description =
                    "Namespaces in which ensembles are allowed, comma-separated (default: $ENSEMBLED_NAMESPACES, or all"
                            + " except kube-*).")
    private Set<String> namespaces;

    @Option(
            names = "--pod-security",
            paramLabel = "LEVEL",
            converter = Level.class,
            defaultValue = "${env:ENSEMBLED_POD_SECURITY:-restricted}",
            description = "Level of the Pod Security Standards: restricted, baseline or privileged (default:"
                    + " $ENSEMBLED_POD_SECURITY, or restricted).")
    private PodSecurity podSecurity;

    @Option(
            names = "--jvm-options",
            paramLabel = "WHICH",
            converter = Which.class,
            defaultValue = "${env:ENSEMBLED_JVM_OPTIONS:-safe}",
            description = "Allowed JVM options: safe or any (default: $ENSEMBLED_JVM_OPTIONS, or safe).")
    private JvmOptions jvmOptions;

    @Option(
            names = "--service-accounts",
            paramLabel = "NAMES",
            split = ",",
            defaultValue = "${env:ENSEMBLED_SERVICE_ACCOUNTS}",
            description =
                    "Service accounts that pods may use, comma-separated (default: $ENSEMBLED_SERVICE_ACCOUNTS, or none).")
    private Set<String> serviceAccounts;

    @Option(
            names = "--secrets",
            paramLabel = "NAMES",
            split = ",",
            defaultValue = "${env:ENSEMBLED_SECRETS}",
            description = "Secrets that pods may read, comma-separated (default: $ENSEMBLED_SECRETS, or none).")
    private Set<String> secrets;

    Policy policy() {
        return new Policy(
                names(namespaces), Optional.empty(), podSecurity, jvmOptions, names(serviceAccounts), names(secrets));
    }

    /** A variable with an empty value names nothing. */
    private static Set<String> names(Set<String> given) {
        return given == null
                ? Set.of()
                : given.stream()
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toSet());
    }

    /** The strictest value is declared first, and applies if a variable has an empty value. */
    private static <E extends Enum<E>> E parse(Class<E> type, String text) {
        if (text.isBlank()) {
            return type.getEnumConstants()[0];
        }
        try {
            return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            String values = java.util.Arrays.stream(type.getEnumConstants())
                    .map(value -> value.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "));
            throw new TypeConversionException("must be one of " + values + ", not " + text);
        }
    }

    private static final class Level implements ITypeConverter<PodSecurity> {
        @Override
        public PodSecurity convert(String text) {
            return parse(PodSecurity.class, text);
        }
    }

    private static final class Which implements ITypeConverter<JvmOptions> {
        @Override
        public JvmOptions convert(String text) {
            return parse(JvmOptions.class, text);
        }
    }
}
