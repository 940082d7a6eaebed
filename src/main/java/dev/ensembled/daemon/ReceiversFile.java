package dev.ensembled.daemon;

import dev.ensembled.notification.Receiver;
import dev.ensembled.notification.Severity;
import dev.ensembled.reconciler.spec.model.SafeText;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the mounted file with the receivers of notifications: a YAML list, strictly and within limits. */
final class ReceiversFile {
    /** Each has a thread. */
    private static final int MOST = 20;

    private static final Path CREDENTIALS = Path.of("/etc/ensembled/notifications");
    private static final Set<String> FIELDS = Set.of("name", "type", "credentials", "severity", "ensembles");
    private static final Pattern ENSEMBLE = Pattern.compile("[-a-z0-9*]{1,63}/[-.a-z0-9*]{1,253}");

    private final ListFile file;

    private ReceiversFile(Path file) {
        this.file = new ListFile(file, "ENSEMBLED_NOTIFICATIONS", "receivers", "name and type", MOST);
    }

    /**
     * Returns the receivers, in the order of the file.
     *
     * @return empty if the settings name no file
     * @throws IllegalArgumentException if the file cannot be read or is invalid; the message says where, and what is expected
     */
    static List<Receiver> of(Settings settings) {
        return settings.notifications()
                .filter(path -> !path.toString().isBlank())
                .map(path -> new ReceiversFile(path).read())
                .orElse(List.of());
    }

    private List<Receiver> read() {
        Set<String> names = new HashSet<>();
        return file.entries().stream()
                .map(entry -> {
                    Receiver receiver = receiver(entry);
                    if (!names.add(receiver.name())) {
                        throw entry.invalid(
                                "name",
                                "name is that of another receiver; expected different names: rename one of them");
                    }
                    return receiver;
                })
                .toList();
    }

    private static Receiver receiver(ListEntry entry) {
        entry.requireKnown(FIELDS);
        String name = entry.name();
        List<String> ensembles = List.copyOf(entry.texts("ensembles"));
        for (String pattern : ensembles) {
            if (!ENSEMBLE.matcher(pattern).matches()) {
                throw entry.invalid(
                        "ensembles",
                        "ensembles has \"" + SafeText.of(pattern)
                                + "\"; expected NAMESPACE/NAME, where * stands for any characters, such as \"kafka/*\"");
            }
        }
        return new Receiver(
                name,
                oneOf(entry, "type", Receiver.Type.values(), null),
                entry.text("credentials").map(Path::of).orElseGet(() -> CREDENTIALS.resolve(name)),
                oneOf(entry, "severity", Severity.values(), Severity.INFO),
                ensembles);
    }

    /** The constant that a field names; the default if it is absent, unless that is null. */
    private static <E extends Enum<E>> E oneOf(ListEntry entry, String field, E[] values, E otherwise) {
        String text = entry.text(field).orElse(otherwise == null ? "" : lowerCase(otherwise));
        return Arrays.stream(values)
                .filter(value -> lowerCase(value).equals(text))
                .findFirst()
                .orElseThrow(() -> entry.invalid(
                        field,
                        field + " is \"" + SafeText.of(text) + "\"; expected one of "
                                + Arrays.stream(values)
                                        .map(ReceiversFile::lowerCase)
                                        .toList()));
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
