package dev.ensembled.git.transport;

import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.MountedFile;
import dev.ensembled.git.settings.SourceFailedException;
import java.io.File;
import java.security.KeyPair;
import java.util.List;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;

/**
 * Creates SSH sessions that use only the mounted key and the mounted known hosts: no agent, no configuration and no keys of
 * the user that runs the process.
 *
 * @param factory the factory for one fetch; must be closed after the fetch
 * @param hostKeys the verification of the server's host key
 */
record SshSessions(SshdSessionFactory factory, HostKeys hostKeys) implements AutoCloseable {

    /** Reads the current content of the mounted files. */
    static SshSessions open(GitSettings settings) throws SourceFailedException {
        List<KeyPair> keys = SshKey.read(settings.files());
        HostKeys hostKeys = HostKeys.read(
                new MountedFile("known_hosts", settings.files().knownHosts().orElseThrow()), settings.url());
        File emptyHome = settings.cacheDirectory().toFile();
        SshdSessionFactory factory = new SshdSessionFactoryBuilder()
                .setHomeDirectory(emptyHome)
                .setSshDirectory(emptyHome)
                .setConfigStoreFactory((home, file, user) -> null)
                .setConnectorFactory(null)
                .setPreferredAuthentications("publickey")
                .setDefaultIdentities(directory -> List.of())
                .setDefaultKeysProvider(directory -> keys)
                .setServerKeyDatabase((home, directory) -> hostKeys)
                .build(null);
        return new SshSessions(factory, hostKeys);
    }

    @Override
    public void close() {
        factory.close();
    }
}
