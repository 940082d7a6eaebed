package dev.ensembled.git;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;

/**
 * Makes SSH sessions that know the mounted key and the mounted known hosts, and nothing else: no agent, no configuration
 * and no keys of whoever runs the process.
 */
final class SshSessions {
    private SshSessions() {}

    /** A factory for one fetch; to be closed after it. */
    static SshdSessionFactory open(GitSettings settings) throws SourceFailedException {
        Path key = readable("private key", settings.files().privateKey().orElseThrow());
        Path knownHosts = readable("known hosts", settings.files().knownHosts().orElseThrow());
        File nobody = settings.cacheDirectory().toFile();
        Function<File, List<Path>> keys = directory -> List.of(key);
        Function<File, List<Path>> hosts = directory -> List.of(knownHosts);
        return new SshdSessionFactoryBuilder()
                .setHomeDirectory(nobody)
                .setSshDirectory(nobody)
                .setConfigStoreFactory((home, file, user) -> null)
                .setConnectorFactory(null)
                .setPreferredAuthentications("publickey")
                .setDefaultIdentities(keys)
                .setDefaultKnownHostsFiles(hosts)
                .build(null);
    }

    private static Path readable(String what, Path file) throws SourceFailedException {
        if (!Files.isReadable(file)) {
            throw new SourceFailedException(
                    "The file with the " + what + ", " + file + ", cannot be read",
                    "Check that the Secret is mounted there and readable for this process.");
        }
        return file;
    }
}
