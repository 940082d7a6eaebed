package dev.ensembled.git;

import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/**
 * Prevents JGit from reading the configuration of the machine and of the user: an {@code insteadOf}, a proxy or a disabled
 * certificate check there must not change what the daemon fetches. JGit has one reader per process.
 */
final class IsolatedSystemReader extends SystemReader.Delegate {
    private static final IsolatedSystemReader ONLY = new IsolatedSystemReader(SystemReader.getInstance());

    private IsolatedSystemReader(SystemReader delegate) {
        super(delegate);
    }

    static void install() {
        if (SystemReader.getInstance() != ONLY) {
            SystemReader.setInstance(ONLY);
        }
    }

    @Override
    public String getenv(String variable) {
        return "PATH".equals(variable) ? super.getenv(variable) : null;
    }

    @Override
    public FileBasedConfig openUserConfig(Config parent, FS fs) {
        return new NoConfig(parent, fs);
    }

    @Override
    public FileBasedConfig openSystemConfig(Config parent, FS fs) {
        return new NoConfig(parent, fs);
    }

    @Override
    public FileBasedConfig openJGitConfig(Config parent, FS fs) {
        return new NoConfig(parent, fs);
    }

    /** A configuration that exists in memory only. */
    private static final class NoConfig extends FileBasedConfig {
        NoConfig(Config parent, FS fs) {
            super(parent, null, fs);
        }

        @Override
        public void load() {
            // there is no file
        }

        @Override
        public void save() {
            // there is no file: what JGit measures of the file system is measured again after a restart
        }

        @Override
        public boolean isOutdated() {
            return false;
        }
    }
}
