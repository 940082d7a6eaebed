package dev.ensembled.git.reference;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.transport.RefSpec;
import org.semver4j.Semver;
import org.semver4j.range.RangeList;
import org.semver4j.range.RangeListFactory;

/**
 * The tag with the highest version in a range, by Semantic Versioning 2.0. Tags may begin with {@code v}; tags that are no
 * versions are ignored. If two tags have the same version (with and without {@code v}, or with other build metadata), the
 * last one in the order of their characters is followed. Prereleases count only if the range names one ({@code >=1.0.0-0}).
 *
 * @param name the range as {@link #normalized}
 */
public record VersionRange(String name) implements Reference {
    private static final String NUMBER = "(?:0|[1-9]\\d{0,8}|[xX*])";
    private static final String VERSION =
            "v?" + NUMBER + "(?:\\." + NUMBER + "(?:\\." + NUMBER + "(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?)?)?";
    private static final String COMPARATORS = "(?:" + VERSION + " - " + VERSION + "|(?:[<>]=?|[=~^])?" + VERSION
            + "(?: (?:[<>]=?|[=~^])?" + VERSION + ")*)";
    private static final Pattern RANGE = Pattern.compile(COMPARATORS + "(?: \\|\\| " + COMPARATORS + ")*");
    private static final Pattern PRERELEASE = Pattern.compile("\\d-[0-9A-Za-z]");
    private static final int LONGEST = 200;
    private static final Comparator<Tagged> ORDER =
            Comparator.comparing(Tagged::version).thenComparing(one -> one.tip().ref());

    /** Checks the range as a whole, since the library leaves out what it does not understand. */
    public VersionRange {
        String given = name;
        name = name.length() > LONGEST ? "" : normalized(name);
        if (!RANGE.matcher(name).matches() || range(name).get().isEmpty()) {
            throw new IllegalArgumentException(
                    "invalid range of versions \""
                            + given.substring(0, Math.min(given.length(), LONGEST))
                            + "\": expected a range such as \">=1.2.0 <2.0.0\", \"~1.4\", \"^1.2.3\" or \"1.x\"; alternatives are"
                            + " separated by ||, and prereleases are included by a range that names one, such as \">=1.2.0-0\"");
        }
    }

    private record Tagged(Semver version, Tip tip) {}

    @Override
    public String kind() {
        return "semver";
    }

    @Override
    public String origin() {
        return "semver=" + name;
    }

    @Override
    public RefSpec listed() {
        return Reference.allTags();
    }

    @Override
    public RefSpec alternatives() {
        return Reference.allTags();
    }

    @Override
    public Optional<Tip> find(Collection<Ref> refs) {
        RangeList range = range(name);
        return refs.stream()
                .filter(ref -> ref.getName().startsWith(Constants.R_TAGS) && ref.getObjectId() != null)
                .map(Tip::of)
                .flatMap(tip -> version(tip.tag().orElseThrow()).map(version -> new Tagged(version, tip)).stream())
                .filter(one -> range.isSatisfiedBy(one.version()))
                .max(ORDER)
                .map(Tagged::tip);
    }

    @Override
    public NotFound notFound(Collection<String> refs) {
        String what = "No tag with a version in the range \"" + name + "\" found";
        List<String> versions = Reference.below(Constants.R_TAGS, refs).stream()
                .flatMap(tag -> version(tag).stream())
                .sorted(Comparator.reverseOrder())
                .map(Semver::getVersion)
                .distinct()
                .toList();
        return versions.isEmpty()
                ? new NotFound(
                        what,
                        "; the repository has no tags that are versions",
                        "Push a tag such as \"v1.2.0\": versions have three numbers.")
                : new NotFound(
                        what,
                        "",
                        "Push a tag in this range, or change the range; the highest versions are: "
                                + NotFound.some(versions)
                                + ". Prereleases count only if the range names one, such as \">=1.2.0-0\".");
    }

    @Override
    public Movement movement(String commit, Optional<String> tag, Tip next) {
        Optional<Semver> before = tag.flatMap(VersionRange::version);
        String nextTag = next.tag().orElseThrow();
        int direction = before.map(version(nextTag).orElseThrow()::compareTo).orElse(1);
        if (direction < 0) {
            return Movement.back("the highest version in the range \"" + name + "\" is now that of tag \"" + nextTag
                    + "\" at commit " + next.commit().name() + ", which is lower than that of tag \""
                    + tag.orElseThrow() + "\", accepted last at commit " + commit);
        }
        return Movement.forward(direction == 0 ? List.of(Movement.moved(nextTag, commit, next)) : List.of());
    }

    @Override
    public List<String> notes(Tip followed) {
        return followed.tag().stream()
                .map(tag -> "Tag \"" + tag + "\" is followed, the highest version in the range \"" + name + "\"")
                .toList();
    }

    /** The range with single spaces, without spaces after operators, and with spaces for the commas that Flux allows. */
    private static String normalized(String text) {
        return text.replaceAll("\\|\\|", " || ")
                .replaceAll("[\\s,]+", " ")
                .replaceAll("([<>=~^]) (?=[^<>=~^|-])", "$1")
                .strip();
    }

    private static RangeList range(String name) {
        return RangeListFactory.create(name, PRERELEASE.matcher(name).find());
    }

    private static Optional<Semver> version(String tag) {
        return Optional.ofNullable(Semver.parse(tag));
    }

    @Override
    public boolean followsTags() {
        return true;
    }

    @Override
    public boolean movesWith(String ref) {
        return ref.startsWith(Constants.R_TAGS);
    }
}
