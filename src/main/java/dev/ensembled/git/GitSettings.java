package dev.ensembled.git;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;

/**
 * What to fetch, and how. A setting that cannot be right throws an {@link IllegalArgumentException} that says what to write
 * instead, and never contains a secret.
 *
 * @param url {@code file:}, {@code https:}, {@code ssh:}, or {@code http:} without credentials
 * @param branch the name of a branch, without {@code refs/heads/}
 * @param path the directory below which specs are read, relative to the repository's root; empty for all of it
 * @param interval between two looks, before jitter; at least a second
 * @param timeout for one fetch as a whole, however slowly the server sends; at least a second
 * @param files mounted files with credentials
 * @param cacheDirectory a directory of our own, where a bare copy of the branch is kept
 */
public record GitSettings(
        RemoteUrl url,
        String branch,
        String path,
        Duration interval,
        Duration timeout,
        Files files,
        Path cacheDirectory) {
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    public GitSettings {
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(files, "files");
        Objects.requireNonNull(cacheDirectory, "cacheDirectory");
        branch = checkedBranch(branch);
        path = normalized(path);
        atLeastASecond("interval between two fetches", interval);
        atLeastASecond("timeout of a fetch", timeout);
        if (url.isSsh()) {
            files.requireForSsh(url);
        }
    }

    /** The ref that the branch is on both sides. */
    String ref() {
        return Constants.R_HEADS + branch;
    }

    /** What is put on record with each ensemble: repository, directory and branch, as Kustomize writes them. */
    String origin() {
        return url.identity() + (path.isEmpty() ? "" : "//" + path) + "?ref=" + branch;
    }

    private static String checkedBranch(String branch) {
        Objects.requireNonNull(branch, "branch");
        require(
                Repository.isValidRefName(Constants.R_HEADS + branch) && !branch.startsWith(Constants.R_REFS),
                "\"" + branch + "\" cannot be the name of a branch: write it as in \"main\", without refs/heads/");
        return branch;
    }

    private static String normalized(String path) {
        String trimmed = Objects.requireNonNull(path, "path").strip();
        String plain = trimmed.equals(".") || trimmed.equals("./") ? "" : trimmed.replaceAll("^\\./|/+$", "");
        boolean clean = plain.isEmpty()
                || Arrays.stream(plain.split("/", -1))
                        .noneMatch(segment -> segment.isEmpty() || segment.equals(".") || segment.equals(".."));
        require(
                clean,
                "the path \"" + path + "\" has to be relative to the repository's root, as in \"clusters/prod\"");
        return plain;
    }

    private static void atLeastASecond(String what, Duration value) {
        Objects.requireNonNull(value, what);
        require(value.compareTo(SHORTEST) >= 0, "the " + what + " is " + value + "; the least is one second");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /**
     * Files with credentials, usually mounted from a Secret; looked for and read again for each fetch, so that one that
     * appears or is rotated is used at once. A path is where a file would be, and not that it is there.
     *
     * @param username for HTTPS; without it "git" beside a token
     * @param password a password or token for HTTPS; for SSH the passphrase of the private key
     * @param privateKey for SSH
     * @param knownHosts for SSH, in the format of OpenSSH; servers that are not in it are refused
     * @param certificateAuthorities for HTTPS, in PEM; instead of those that the Java runtime trusts
     */
    public record Files(
            Optional<Path> username,
            Optional<Path> password,
            Optional<Path> privateKey,
            Optional<Path> knownHosts,
            Optional<Path> certificateAuthorities) {
        public Files {
            Objects.requireNonNull(username, "username");
            Objects.requireNonNull(password, "password");
            Objects.requireNonNull(privateKey, "privateKey");
            Objects.requireNonNull(knownHosts, "knownHosts");
            Objects.requireNonNull(certificateAuthorities, "certificateAuthorities");
        }

        /** No credentials. */
        public static Files none() {
            return new Files(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }

        private void requireForSsh(RemoteUrl url) {
            require(privateKey.isPresent(), "the repository " + url + " needs a file with a private key");
            require(
                    knownHosts.isPresent(),
                    "the repository " + url + " needs a known_hosts file, so that no other server can pose as "
                            + url.host()
                            + ": write it with \"ssh-keyscan " + url.host() + "\" and compare the keys with what its"
                            + " operator publishes");
        }
    }
}
