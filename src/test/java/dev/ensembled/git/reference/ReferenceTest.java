package dev.ensembled.git.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {
    private static final String COMMIT = "1234567890abcdef123456789012345678901234";

    @Test
    void eachKindHasAnOriginOfItsOwn() {
        assertThat(Stream.of(new Branch("1.0.0"), new Tag("1.0.0"), new VersionRange("1.0.0"), new FixedCommit(COMMIT))
                        .map(Reference::origin))
                .containsExactly("ref=1.0.0", "tag=1.0.0", "semver=1.0.0", "commit=" + COMMIT);
    }

    @Test
    void commitMayBeWrittenInUpperCase() {
        assertThat(new FixedCommit(COMMIT.toUpperCase(java.util.Locale.ROOT)).name())
                .isEqualTo(COMMIT);
    }

    @Test
    void abbreviatedCommitIsRefusedWithWhatToDo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FixedCommit("1234abc"))
                .withMessageContaining("has 7 characters: write all 40")
                .withMessageContaining("git rev-parse 1234abc");
    }

    @Test
    void commitOfAnotherObjectFormatIsNamedAsSuch() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FixedCommit("a".repeat(64)))
                .withMessageContaining("SHA-256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "main", "", "1234567890abcdef12345678901234567890123g", "v1.0.0"})
    void nameIsNoCommit(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FixedCommit(name))
                .withMessageContaining("expected the 40 hexadecimal characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "refs/tags/v1", "a b", "v1^{}", "v*"})
    void invalidTagNameIsRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Tag(name)).withMessageContaining("invalid tag name");
    }
}
