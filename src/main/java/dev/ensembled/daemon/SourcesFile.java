package dev.ensembled.daemon;

import dev.ensembled.forge.settings.ForgeSettings;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SignaturePolicy;
import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.reconciler.spec.read.SourceFile;
import dev.ensembled.reconciler.spec.yaml.Location;
import dev.ensembled.reconciler.spec.yaml.YamlDocument;
import dev.ensembled.reconciler.spec.yaml.YamlDocument.YamlProblem;
import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Sequence;
import dev.ensembled.reconciler.spec.yaml.YamlText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the mounted file with sources: a YAML list, strictly and within limits. */
final class SourcesFile {
    /** Each has a thread and a clone. */
    private static final int MOST = 50;

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
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

    private final Path file;
    private final Path cache;

    /**
     * Creates a reader of a file.
     *
     * @param cache each source keeps its objects in a directory below it
     */
    SourcesFile(Path file, Path cache) {
        this.file = file;
        this.cache = cache;
    }

    /**
     * Returns the sources, in the order of the file.
     *
     * @throws IllegalArgumentException if the file cannot be read or is invalid; the message says where, and what is expected
     */
    List<SourceSettings> read() {
        List<SourceSettings> sources = new ArrayList<>();
        for (YamlNode item : items()) {
            if (!(item instanceof Mapping mapping)) {
                throw SourceEntry.invalid(
                        file, item.location(), item.describe() + "; expected a mapping with name and uri");
            }
            sources.add(source(new SourceEntry(file, mapping)));
        }
        return sources;
    }

    private List<YamlNode> items() {
        List<YamlDocument> documents = YamlText.read(text());
        if (documents.size() != 1) {
            throw invalid(documents.size() + " YAML documents; expected one list of sources");
        }
        YamlDocument document = documents.get(0);
        if (!document.problems().isEmpty()) {
            YamlProblem first = document.problems().get(0);
            throw SourceEntry.invalid(
                    file, first.location(), (first.path().isEmpty() ? "" : first.path() + ": ") + first.message());
        }
        if (!(document.root().orElse(null) instanceof Sequence list)) {
            throw invalid("no list; expected a list of sources, each with name and uri");
        }
        if (list.items().size() > MOST) {
            throw invalid(list.items().size() + " sources; expected at most " + MOST);
        }
        return list.items();
    }

    private String text() {
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(YamlText.MAX_BYTES + 1);
        } catch (IOException e) {
            throw invalid("cannot be read (" + e + "); expected a readable file: mount it, or unset ENSEMBLED_SOURCES");
        }
        SourceFile read = SourceFile.of(file.toString(), content);
        if (read.refusal().isPresent()) {
            throw invalid(read.refusal().get().why());
        }
        return read.text();
    }

    private SourceSettings source(SourceEntry entry) {
        entry.requireKnown(FIELDS);
        String name = entry.text("name")
                .orElseThrow(() -> entry.invalid("name", "name is not set; expected a name, such as \"team-a\""));
        if (!LABEL.matcher(name).matches()) {
            throw entry.invalid(
                    "name",
                    "name is \"" + SafeText.of(name)
                            + "\"; expected at most 63 lower-case letters, digits and dashes, with a letter or digit at"
                            + " both ends");
        }
        String uri = entry.text("uri")
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> entry.invalid(
                        "uri", "uri of the source " + name + " is not set; expected the URL of a repository"));
        try {
            return source(entry, name, uri);
        } catch (SourceEntry.InvalidException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw entry.invalid("name", "source " + name + ": " + e.getMessage());
        }
    }

    private SourceSettings source(SourceEntry entry, String name, String uri) {
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
            if (!LABEL.matcher(namespace).matches()) {
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

    private static ForgeSettings forge(SourceEntry forge, GitSettings git, Path credentials) {
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

    private static ForgeSettings.Type type(SourceEntry forge) {
        String text = forge.text("type").orElse("");
        return Arrays.stream(ForgeSettings.Type.values())
                .filter(type -> type.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> forge.invalid(
                        "type",
                        "type of the forge is \"" + SafeText.of(text) + "\"; expected gitea, github or gitlab"));
    }

    private static SignaturePolicy.Required verified(SourceEntry entry) {
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

    private SourceEntry.InvalidException invalid(String problem) {
        return SourceEntry.invalid(file, Location.START, problem);
    }
}
