package dev.ensembled.git.signature;

import dev.ensembled.git.settings.MountedFile;
import dev.ensembled.git.settings.SourceFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The directory with trusted keys, mounted from a Secret or a ConfigMap. It is read again for each verification. */
record SignerDirectory(Path path) {
    private static final int MOST_FILES = 200;

    /** To this link the kubelet mounts all keys of a Secret at once, so that no mixture of two versions is read. */
    private static final String VERSION = "..data";

    TrustedKeys read() throws SourceFailedException {
        List<KeyFile> files = new ArrayList<>();
        for (Path file : list()) {
            Optional<byte[]> content = new MountedFile("signers", file).content();
            if (content.isEmpty()) {
                throw new SourceFailedException(
                        "The keys of signers in " + path + " changed while they were read",
                        "They are read again automatically.");
            }
            files.add(new KeyFile(path.resolve(file.getFileName()).toString(), content.get()));
        }
        TrustedKeys keys = TrustedKeys.of(files);
        if (keys.isEmpty()) {
            throw missing("contains no key");
        }
        return keys;
    }

    private List<Path> list() throws SourceFailedException {
        try {
            Path version = path.resolve(VERSION);
            Path current = (Files.exists(version) ? version : path).toRealPath();
            try (Stream<Path> entries = Files.list(current)) {
                List<Path> found = entries.filter(entry ->
                                TrustedKeys.isKeyFile(entry.getFileName().toString()))
                        .sorted()
                        .limit(MOST_FILES + 1)
                        .toList();
                if (found.size() > MOST_FILES) {
                    throw missing("contains more than " + MOST_FILES + " files with keys");
                }
                return found;
            }
        } catch (NoSuchFileException e) {
            throw missing("does not exist");
        } catch (IOException e) {
            throw missing("cannot be read: " + e.getMessage());
        }
    }

    private SourceFailedException missing(String problem) {
        return new SourceFailedException(
                "Signatures are required (ENSEMBLED_GIT_VERIFY, or verify of a source), and the directory of trusted keys "
                        + path + " " + problem,
                "Mount OpenPGP public keys as *.asc, or SSH public keys as allowed_signers (on Kubernetes, from the ConfigMap"
                        + " ensembled-signers). They are read again at each fetch.");
    }
}
