package dev.ensembled.git.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SignaturePolicy;
import dev.ensembled.git.settings.SignaturePolicy.Required;
import dev.ensembled.git.settings.SourceFailedException;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.junit.jupiter.api.Test;

/** Tags in an object store: a tag that is well signed must also be the tag that is followed. */
class SignatureGateTest {
    private static final ObjectId COMMIT = ObjectId.fromString("1".repeat(40));

    private final InMemoryRepository repository = new InMemoryRepository(new DfsRepositoryDescription("tags"));

    @Test
    void aSignedTagIsAdmittedUnderItsOwnNameAndForItsOwnCommit() throws Exception {
        for (String object : new String[] {"tag-openpgp", "tag-ssh"}) {
            ObjectId tag = insert(object);

            assertThat(gate().admitTag(tag, "v1", COMMIT).signer()).containsAnyOf("Alice", "grace");
            assertThatThrownBy(() -> gate().admitTag(tag, "v2", COMMIT))
                    .isInstanceOf(SourceFailedException.class)
                    .hasMessageContaining("Tag \"v2\"")
                    .hasMessageContaining("has a bad signature (the signed tag has another name");
            assertThatThrownBy(() -> gate().admitTag(tag, "v1", ObjectId.fromString("2".repeat(40))))
                    .hasMessageContaining("another name or is of another object");
        }
    }

    @Test
    void aTagWithoutASignatureIsRefusedAsUnsigned() throws Exception {
        ObjectId tag = insert("tag-unsigned");

        assertThatThrownBy(() -> gate().admitTag(tag, "v1", COMMIT))
                .hasMessageContaining("Tag \"v1\" of file:///config.git is refused: it is unsigned");
        assertThatThrownBy(() -> gate().admitTag(COMMIT, "v1", COMMIT))
                .hasMessageContaining("is unsigned (it is not annotated");
    }

    private SignatureGate gate() {
        GitSettings settings = new GitSettings(
                        RemoteUrl.of("file:///config.git"),
                        "main",
                        "",
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(30),
                        GitSettings.Files.none(),
                        Path.of("unused"))
                .with(new SignaturePolicy(Required.COMMIT, Fixtures.keyDirectory()));
        return new SignatureGate(settings, repository.newObjectReader());
    }

    private ObjectId insert(String object) throws Exception {
        try (ObjectInserter objects = repository.newObjectInserter()) {
            ObjectId id = objects.insert(Constants.OBJ_TAG, Fixtures.object(object));
            objects.flush();
            return id;
        }
    }
}
