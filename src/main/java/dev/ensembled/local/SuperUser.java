package dev.ensembled.local;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ensembled.reconciler.desired.SuperPassword;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The super user of one ensemble, in {@code super.json}, which only this user can read: its password is made once, and
 * again when the spec asks for it. Nobody but ensembled uses it, and it is never logged.
 */
record SuperUser(JsonFile file) {
    /**
     * The content of the file.
     *
     * @param previous the password before: servers that were not restarted yet know that one; null if there is none
     * @param rotation of the spec for which the password was made
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Credentials(String password, String previous, int rotation) {
        Credentials {
            Objects.requireNonNull(password, "password");
        }

        @Override
        public String toString() {
            return "credentials of rotation " + rotation;
        }
    }

    /** What servers check the password against; empty as long as the password of that rotation was not made. */
    Optional<String> digest(int rotation) throws IOException {
        return kept(rotation).map(kept -> digest(kept.password()));
    }

    /** Makes the password of a rotation, unless there is one of that rotation or a later one; the digest of it. */
    String make(int rotation) throws IOException {
        if (kept(rotation).isEmpty()) {
            String previous =
                    file.read(Credentials.class).map(Credentials::password).orElse(null);
            file.writeSecret(new Credentials(SuperPassword.random().text(), previous, rotation));
        }
        return digest(rotation).orElseThrow();
    }

    /** The passwords that a server may know, the newest first. */
    List<String> passwords() throws IOException {
        List<String> passwords = new ArrayList<>();
        file.read(Credentials.class).ifPresent(kept -> {
            passwords.add(kept.password());
            Optional.ofNullable(kept.previous()).ifPresent(passwords::add);
        });
        return passwords;
    }

    private Optional<Credentials> kept(int rotation) throws IOException {
        return file.read(Credentials.class).filter(kept -> kept.rotation() >= rotation);
    }

    private static String digest(String password) {
        return "super:" + new SuperPassword(password).digest();
    }
}
