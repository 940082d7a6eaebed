package dev.ensembled.local;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ensembled.local.file.JsonFile;
import dev.ensembled.reconciler.desired.SuperCredentials;
import dev.ensembled.reconciler.desired.SuperPassword;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The super user of one ensemble, stored in {@code super.json}, which only the daemon's user can read. Its password is made
 * once, and again when the spec asks for a rotation. Only ensembled uses it, and it is never logged.
 */
record LocalSuperUser(JsonFile file) {
    /**
     * The content of the file.
     *
     * @param previous the previous password; null if there is none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Content(String password, String previous, int rotation) {
        Content {
            Objects.requireNonNull(password, "password");
        }

        static Content of(SuperCredentials credentials) {
            return new Content(
                    credentials.password().text(),
                    credentials.previous().map(SuperPassword::text).orElse(null),
                    credentials.rotation());
        }

        SuperCredentials credentials() {
            return new SuperCredentials(
                    new SuperPassword(password), Optional.ofNullable(previous).map(SuperPassword::new), rotation);
        }

        @Override
        public String toString() {
            return "credentials of rotation " + rotation;
        }
    }

    /** The digest against which servers check the password; empty until the password of this rotation has been made. */
    Optional<String> digest(int rotation) throws IOException {
        return read().filter(found -> found.rotation() >= rotation).map(LocalSuperUser::digest);
    }

    /** Makes the password of a rotation, unless there is one of this or a later rotation, and returns its digest. */
    String make(int rotation) throws IOException {
        Optional<SuperCredentials> found = read();
        SuperCredentials made =
                found.map(existing -> existing.rotatedTo(rotation)).orElseGet(() -> SuperCredentials.create(rotation));
        if (!found.equals(Optional.of(made))) {
            file.writeSecret(Content.of(made));
        }
        return digest(made);
    }

    /** The passwords that a server may accept, the newest first. */
    List<String> passwords() throws IOException {
        return read().map(SuperCredentials::passwords).orElse(List.of());
    }

    private Optional<SuperCredentials> read() throws IOException {
        return file.read(Content.class).map(Content::credentials);
    }

    private static String digest(SuperCredentials credentials) {
        return "super:" + credentials.password().digest();
    }
}
