package dev.ensembled.daemon;

import dev.ensembled.forge.settings.ForgeSettings;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SignaturePolicy;
import dev.ensembled.reconciler.spec.model.SafeText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads the mounted file with sources: a YAML list, strictly and within limits. */
final class SourcesFile {
    /** Each has a thread and a clone. */
    private static final int MOST = 50;

    private static final Path CREDENTIALS = Path.of("/etc/ensembled/sources");
    private static final String CONTEXT = "ensembled";
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Path SIGNERS = Path.of("/etc/ensembled/signers");
    private static final Set<String> FIELDS = Set.of(
            "name",
            "uri",
            "branch",
            "tag",
            "semver",
            "commit",
            "path",
            "interval",
            "timeout",
            "credentials",
            "verify",
            "signers",
            "allowRewrite",
            "namespaces",
            "forge");
    private static final Set<String> FORGE_FIELDS =
            Set.of("type", "api", "repository", "credentials", "forks", "context");

    private final ListFile file;
    private final Path cache;

    /**
     * Creates a reader of a file.
     *
     * @param cache each source keeps its objects in a directory below it
     */
    SourcesFile(Path file, Path cache) {
        this.file = new ListFile(file, "ENSEMBLED_SOURCES", "sources", "name and uri", MOST);
        this.cache = cache;
    }

    /**
     * Returns the sources, in the order of the file.
     *
     * @throws IllegalArgumentException if the file cannot be read or is invalid; the message says where, and what is expected
     */
    List<SourceSettings> read() {
        return file.entries().stream().map(this::source).toList();
    }

    private SourceSettings source(ListEntry entry) {
        entry.requireKnown(FIELDS);
        String name = entry.name();
        String uri = entry.text("uri")
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> entry.invalid(
                        "uri", "uri of the source " + name + " is not set; expected the URL of a repository"));
        try {
            return source(entry, name, uri);
        } catch (ListEntry.InvalidException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw entry.invalid("name", "source " + name + ": " + e.getMessage());
        }
    }

    private SourceSettings source(ListEntry entry, String name, String uri) {
        Path credentials = entry.text("credentials").map(Path::of).orElseGet(() -> CREDENTIALS.resolve(name));
        GitSettings git = new GitSettings(
                RemoteUrl.of(uri),
                ReferenceChoice.of(entry::text, setting -> setting),
                entry.flag("allowRewrite"),
                entry.text("path").orElse(""),
                entry.duration("interval", INTERVAL),
                entry.duration("timeout", TIMEOUT),
                SourceSettings.files(RemoteUrl.of(uri), credentials),
                cache.resolve("sources").resolve(name),
                new SignaturePolicy(
                        verified(entry), entry.text("signers").map(Path::of).orElse(SIGNERS)));
        Set<String> namespaces = entry.texts("namespaces");
        for (String namespace : namespaces) {
            if (!ListFile.isName(namespace)) {
                throw entry.invalid(
                        "namespaces",
                        "namespaces of the source " + name + " has \"" + SafeText.of(namespace)
                                + "\"; expected names of namespaces");
            }
        }
        return new SourceSettings(
                name,
                git,
                credentials,
                namespaces,
                entry.mapping("forge").map(forge -> forge(forge, git, credentials)));
    }

    private static ForgeSettings forge(ListEntry forge, GitSettings git, Path credentials) {
        forge.requireKnown(FORGE_FIELDS);
        return ForgeSettings.of(
                type(forge),
                git.url(),
                forge.text("api"),
                forge.text("repository"),
                forge.text("credentials").map(Path::of).orElse(credentials),
                forge.flag("forks"),
                forge.text("context").orElse(CONTEXT));
    }

    private static ForgeSettings.Type type(ListEntry forge) {
        String text = forge.text("type").orElse("");
        return Arrays.stream(ForgeSettings.Type.values())
                .filter(type -> type.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> forge.invalid(
                        "type",
                        "type of the forge is \"" + SafeText.of(text) + "\"; expected gitea, github or gitlab"));
    }

    private static SignaturePolicy.Required verified(ListEntry entry) {
        return entry.text("verify")
                .map(text -> switch (text) {
                    case "none" -> SignaturePolicy.Required.NONE;
                    case "commit" -> SignaturePolicy.Required.COMMIT;
                    case "tag" -> SignaturePolicy.Required.TAG;
                    default ->
                        throw entry.invalid(
                                "verify", "verify is \"" + SafeText.of(text) + "\"; expected none, commit or tag");
                })
                .orElse(SignaturePolicy.Required.NONE);
    }
}
