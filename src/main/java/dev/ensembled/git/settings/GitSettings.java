package dev.ensembled.git.settings;

import dev.ensembled.git.reference.Branch;
import dev.ensembled.git.reference.FixedCommit;
import dev.ensembled.git.reference.Reference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * What to fetch, and how. An invalid setting causes an {@link IllegalArgumentException} that says what to write instead and
 * never contains a secret.
 *
 * @param url {@code file:}, {@code https:}, {@code ssh:}, or {@code http:} without credentials
 * @param reference what to follow: a branch, a tag, a range of versions or a commit
 * @param allowRewrite whether a commit may be accepted that is no descendant of the last accepted commit, or of a lower version
 * @param path the directory below which specs are read, relative to the repository's root; empty for the whole repository
 * @param interval the time between two fetches, before jitter; at least one second
 * @param timeout the time for one fetch as a whole, however slowly the server sends; at least one second
 * @param files the mounted files with credentials
 * @param cacheDirectory a directory that only ensembled uses, for a bare clone of the branch
 * @param signatures which signature a commit or its tag must have
 */
public record GitSettings(
        RemoteUrl url,
        Reference reference,
        boolean allowRewrite,
        String path,
        Duration interval,
        Duration timeout,
        Files files,
        Path cacheDirectory,
        SignaturePolicy signatures) {
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    public GitSettings {
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(reference, "reference");
        Objects.requireNonNull(files, "files");
        Objects.requireNonNull(cacheDirectory, "cacheDirectory");
        Objects.requireNonNull(signatures, "signatures");
        path = normalized(path);
        atLeastASecond("fetch interval", interval);
        atLeastASecond("fetch timeout", timeout);
        if (url.isSsh()) {
            files.requireForSsh(url);
        }
        require(
                signatures.required() != SignaturePolicy.Required.TAG || reference.followsTags(),
                "signed tags are required (ENSEMBLED_GIT_VERIFY=tag), but the " + reference.text()
                        + " is followed: set ENSEMBLED_GIT_TAG or ENSEMBLED_GIT_SEMVER, or ENSEMBLED_GIT_VERIFY=commit");
    }

    /** Settings that follow a branch, whose history must not be rewritten, and require no signature. */
    public GitSettings(
            RemoteUrl url,
            String branch,
            String path,
            Duration interval,
            Duration timeout,
            Files files,
            Path cacheDirectory) {
        this(url, new Branch(branch), false, path, interval, timeout, files, cacheDirectory, SignaturePolicy.none());
    }

    /** Returns the same settings with another requirement of signatures. */
    public GitSettings with(SignaturePolicy required) {
        return new GitSettings(url, reference, allowRewrite, path, interval, timeout, files, cacheDirectory, required);
    }

    /**
     * Returns settings for single commits of the same repository, whose content is shown and never applied: therefore
     * neither a signature nor a history is required.
     *
     * @param commit the full id
     * @param clone a directory that no other settings use
     */
    public GitSettings ofCommit(String commit, Path clone) {
        return new GitSettings(
                url, new FixedCommit(commit), true, path, interval, timeout, files, clone, SignaturePolicy.none());
    }

    /**
     * The source that is recorded for each ensemble: repository, directory and reference, as Kustomize writes a branch. If
     * any of them changes, it is another source, so that nothing is removed because of the change.
     */
    public String origin() {
        return url.identity() + (path.isEmpty() ? "" : "//" + path) + "?" + reference.origin();
    }

    private static String normalized(String path) {
        String trimmed = Objects.requireNonNull(path, "path").strip();
        String plain = trimmed.equals(".") || trimmed.equals("./") ? "" : trimmed.replaceAll("^\\./|/+$", "");
        boolean clean = plain.isEmpty()
                || Arrays.stream(plain.split("/", -1))
                        .noneMatch(segment -> segment.isEmpty() || segment.equals(".") || segment.equals(".."));
        require(
                clean,
                "invalid path \"" + path
                        + "\": expected a path relative to the root of the repository, such as \"clusters/prod\"");
        return plain;
    }

    private static void atLeastASecond(String what, Duration value) {
        Objects.requireNonNull(value, what);
        require(value.compareTo(SHORTEST) >= 0, "the " + what + " is " + value + "; the minimum is one second");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /**
     * Files with credentials, usually mounted from a Secret. They are read again for each fetch, so that a file that appears
     * or is rotated is used at once. A path says where a file may be, not that it exists.
     *
     * @param username the user name for HTTPS; "git" if there is only a password or token
     * @param password a password or token for HTTPS; for SSH the passphrase of the private key
     * @param privateKey the private key for SSH
     * @param knownHosts the known hosts for SSH, in the format of OpenSSH; a server that is not in the file is refused
     * @param certificateAuthorities the certificate authorities for HTTPS, in PEM; they replace the authorities that the
     *     Java runtime trusts
     * @param http what an HTTP server or a proxy may require besides
     * @param obtained credentials for HTTPS that are requested instead of read; configured by files as well
     */
    public record Files(
            Optional<Path> username,
            Optional<Path> password,
            Optional<Path> privateKey,
            Optional<Path> knownHosts,
            Optional<Path> certificateAuthorities,
            HttpFiles http,
            Optional<ObtainedCredentials> obtained) {
        public Files {
            Objects.requireNonNull(username, "username");
            Objects.requireNonNull(password, "password");
            Objects.requireNonNull(privateKey, "privateKey");
            Objects.requireNonNull(knownHosts, "knownHosts");
            Objects.requireNonNull(certificateAuthorities, "certificateAuthorities");
            Objects.requireNonNull(http, "http");
            Objects.requireNonNull(obtained, "obtained");
        }

        /** Returns files without a client certificate, and without credentials for a proxy or that are requested. */
        public Files(
                Optional<Path> username,
                Optional<Path> password,
                Optional<Path> privateKey,
                Optional<Path> knownHosts,
                Optional<Path> certificateAuthorities) {
            this(
                    username,
                    password,
                    privateKey,
                    knownHosts,
                    certificateAuthorities,
                    HttpFiles.none(),
                    Optional.empty());
        }

        /** Returns the same files, with others for HTTP. */
        public Files with(HttpFiles other) {
            return new Files(username, password, privateKey, knownHosts, certificateAuthorities, other, obtained);
        }

        /** Returns the same files with credentials that may be requested instead. */
        public Files with(Optional<ObtainedCredentials> other) {
            return new Files(username, password, privateKey, knownHosts, certificateAuthorities, http, other);
        }

        /** Returns settings without credentials. */
        public static Files none() {
            return new Files(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }

        private void requireForSsh(RemoteUrl url) {
            require(privateKey.isPresent(), "repository " + url + " requires a private key file");
            require(
                    knownHosts.isPresent(),
                    "repository " + url + " requires a known_hosts file, to verify the host key of " + url.host()
                            + ": create it with \"ssh-keyscan " + url.host() + "\" and compare the keys with the host"
                            + " keys that the operator of the server publishes");
        }
    }
}
