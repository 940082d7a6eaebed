package dev.ensembled.reconciler.spec.validation;

import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of ZooKeeper is supported, and the tag of the image agrees with it. */
public final class VersionRule implements SpecRule {
    private static final String FIELD = "spec.version";
    private static final Pattern VERSION = Pattern.compile(EnsembleSpec.VERSION_PATTERN);
    private static final Pattern TAG = Pattern.compile(":(v?)([0-9]+\\.[0-9]+\\.[0-9]+)[^/:]*$");
    private static final int[] OLDEST = {3, 8, 0};
    private static final int[] LOSES_DATA = {3, 9, 3};
    private static final int[] NEWEST_SERIES = {3, 9, Integer.MAX_VALUE};

    @Override
    public void check(Mapping spec, Findings findings) {
        Optional<Scalar> version = spec.scalar("version")
                .filter(scalar -> VERSION.matcher(scalar.text()).matches());
        version.ifPresent(scalar -> {
            supported(scalar, findings);
            spec.scalar("image").ifPresent(image -> agree(scalar, image, findings));
        });
    }

    private static void supported(Scalar version, Findings findings) {
        int[] numbers = numbers(version.text());
        if (Arrays.equals(numbers, LOSES_DATA)) {
            findings.violation(
                    version.location(),
                    FIELD,
                    "3.9.3 can lose data when a follower syncs (ZOOKEEPER-4925): use 3.9.4 or later");
        } else if (Arrays.compare(numbers, OLDEST) < 0) {
            findings.violation(
                    version.location(),
                    FIELD,
                    "must be 3.8.0 or later, not " + version.text() + "; 3.9.4 or later is recommended");
        } else if (Arrays.compare(numbers, NEWEST_SERIES) > 0) {
            findings.note(
                    version.location(),
                    FIELD,
                    version.text() + " is newer than 3.9, the newest series that ensembled supports");
        }
    }

    private static int[] numbers(String version) {
        return Arrays.stream(version.replaceFirst("-.*", "").split("\\.", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    private static void agree(Scalar version, Scalar image, Findings findings) {
        Matcher tag = TAG.matcher(image.text().replaceFirst("@.*", ""));
        if (tag.find() && !tag.group(2).equals(version.text().replaceFirst("-.*", ""))) {
            findings.note(
                    image.location(),
                    "spec.image",
                    "the tag of the image is " + tag.group(2) + ", and spec.version is " + version.text()
                            + ": make them equal, since validation uses spec.version");
        }
    }
}
