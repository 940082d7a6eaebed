package dev.ensembled.git.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionRangeTest {
    private static final ObjectId COMMIT = ObjectId.fromString("1234567890123456789012345678901234567890");

    @ParameterizedTest
    @CsvSource({
        "1.x,                v1.0.0 v1.4.2 v2.0.0,          v1.4.2",
        "~1.4,               1.4.9 1.4.10 1.5.0,            1.4.10",
        "^1.2.3,             1.2.2 1.9.0 2.0.0,             1.9.0",
        "'>=1.0.0, <2.0.0',  0.9.0 1.5.0 2.0.0 3.0.0,       1.5.0",
        "'>= 1.0.0 < 2.0.0', 0.9.0 1.5.0 2.0.0 3.0.0,       1.5.0",
        "1.0.0 - 1.5.0,      1.0.0 1.5.0 1.5.1,             1.5.0",
        "1.x || >=3.1.0,     1.0.0 2.0.0 3.1.0,             3.1.0",
        "1.x||^3,            1.0.0 2.0.0 3.1.0,             3.1.0",
        "=v1.2.0,            v1.1.0 v1.2.0 v1.3.0,          v1.2.0",
        "*,                  latest v1 1.2 release-9.9.9 v0.1.0, v0.1.0",
        // Prereleases count only if the range names one
        ">=1.0.0,            1.0.0 1.1.0-rc.1,              1.0.0",
        ">=1.0.0-0,          1.0.0 1.1.0-rc.1 1.1.0-rc.2,   1.1.0-rc.2",
        ">=1.0.0-0,          1.1.0-rc.2 1.1.0,              1.1.0",
        "^1.0.0-0,           1.0.0 2.0.0-rc.1,              1.0.0",
        // The same version twice
        "1.x,                1.2.0 v1.2.0,                  v1.2.0",
        "1.x,                v1.2.0 1.2.0,                  v1.2.0",
        "1.x,                1.2.0+b2 1.2.0+b10 1.2.0,      1.2.0+b2",
    })
    void tagWithTheHighestVersionInTheRangeIsFollowed(String range, String tags, String expected) {
        assertThat(new VersionRange(range).find(refs(tags)).flatMap(Tip::tag)).contains(expected);
    }

    @Test
    void branchesAreNoVersions() {
        Ref branch = new ObjectIdRef.PeeledNonTag(Ref.Storage.LOOSE, "refs/heads/1.2.3", COMMIT);

        assertThat(new VersionRange("*").find(List.of(branch))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "latest",
                "1.2.3.4",
                ">=1.0.0 nonsense",
                "=>1",
                "<=",
                "!=1.2.0",
                "~> 1.2",
                "1.0.0 -",
                ">=1.0.0 ||",
                "release-1.x",
                "01.2.3",
                "99999999999999999999.0.0",
                "*-0",
                ">=>1.0.0"
            })
    void rangeThatIsNotUnderstoodAsAWholeIsRefused(String range) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VersionRange(range))
                .withMessageContaining("\"" + range + "\"")
                .withMessageContaining(">=1.2.0 <2.0.0");
    }

    @Test
    void missingVersionNamesTheHighestOnes() {
        NotFound missing = new VersionRange(">=3.0.0").notFound(List.of("refs/tags/v1.2.0", "refs/tags/v1.10.0"));

        assertThat(missing.what()).isEqualTo("No tag with a version in the range \">=3.0.0\" found");
        assertThat(missing.toDo()).contains("1.10.0, 1.2.0");
        assertThat(new VersionRange("1.x").notFound(List.of("refs/heads/main")).detail())
                .contains("no tags that are versions");
    }

    @ParameterizedTest
    @CsvSource({
        "v1.4.0, v1.4.1, false, false",
        "v1.4.1, v1.4.0, true,  false",
        "v1.4.0, v1.4.0, false, true",
        "1.4.0,  v1.4.0, false, true",
        "1.10.0, 1.9.0,  true,  false",
    })
    void versionGoesForwardsAndAMovedTagIsNoted(String before, String now, boolean backwards, boolean moved) {
        Tip next = new VersionRange("*").find(refs(now)).orElseThrow();

        Movement movement = new VersionRange("*").movement("a".repeat(40), Optional.of(before), next);

        assertThat(movement.backwards().isPresent()).isEqualTo(backwards);
        assertThat(movement.notes()).hasSize(moved ? 1 : 0);
        assertThat(movement.mustDescend()).isFalse();
    }

    private static List<Ref> refs(String tags) {
        return Arrays.stream(tags.split(" ", -1))
                .<Ref>map(tag -> new ObjectIdRef.PeeledNonTag(Ref.Storage.LOOSE, "refs/tags/" + tag, COMMIT))
                .toList();
    }
}
