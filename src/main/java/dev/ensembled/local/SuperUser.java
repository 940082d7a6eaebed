package dev.ensembled.local;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ensembled.reconciler.desired.SuperPassword;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The super user of one ensemble, stored in {@code super.json}, which only the daemon's user can read. Its password is made
 * once, and again when the spec asks for a rotation. Only ensembled uses it, and it is never logged.
 */
record SuperUser(JsonFile file) {
    /**
     * The content of the file.
     *
     * @param previous the previous password, which servers that have not been restarted yet accept; null if there is none
     * @param rotation the rotation in the spec for which the password was made
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

    /** The digest against which servers check the password; empty until the password of this rotation has been made. */
    Optional<String> digest(int rotation) throws IOException {
        return kept(rotation).map(kept -> digest(kept.password()));
    }

    /** Makes the password of a rotation, unless there is one of this or a later rotation, and returns its digest. */
    String make(int rotation) throws IOException {
        if (kept(rotation).isEmpty()) {
            String previous =
                    file.read(Credentials.class).map(Credentials::password).orElse(null);
            file.writeSecret(new Credentials(SuperPassword.random().text(), previous, rotation));
        }
        return digest(rotation).orElseThrow();
    }

    /** The passwords that a server may accept, the newest first. */
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
