package dev.ensembled.git.signature;

import dev.ensembled.fuzz.FuzzCount;
import dev.ensembled.git.settings.SourceFailedException;
import java.util.List;

/** Files with trusted keys. Each of them is read, or refused with an error that names the file and says what to do. */
public final class TrustedKeysFuzz {
    private static final byte[] COMMIT = Fixtures.object("ssh-certified");
    private static final List<String> NAMES = List.of("allowed_signers", "revoked_keys", "alice.asc");

    private TrustedKeysFuzz() {}

    public static void fuzzerTestOneInput(byte[] content) {
        boolean read = false;
        for (String name : NAMES) {
            read |= read(new KeyFile("/keys/" + name, content));
        }
        if (read) {
            FuzzCount.accepted();
        } else {
            FuzzCount.refused();
        }
    }

    private static boolean read(KeyFile file) {
        try {
            TrustedKeys keys = TrustedKeys.of(List.of(file));
            SignatureCheck.ofCommit(COMMIT, keys, Fixtures.NOW);
            return !keys.isEmpty();
        } catch (SourceFailedException e) {
            if (!e.getMessage().contains(file.name()) || e.toDo().isBlank()) {
                throw new AssertionError("expected the file and what to do: " + e.getMessage(), e);
            }
            return false;
        }
    }

    public static void fuzzerTearDown() {
        FuzzCount.print();
    }
}
