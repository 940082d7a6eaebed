package dev.ensembled.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Compares texts with committed and reviewed files. With {@code -Dgolden.update=true} it writes the files instead; a
 * person then reviews the difference with {@code git diff}.
 */
public final class Golden {
    private static final String UPDATE = "golden.update";

    private Golden() {}

    /**
     * Fails unless the file has this content.
     *
     * @param path of the file, from the project's root
     */
    public static void verify(String path, String actual) {
        Path file = projectRoot().resolve(path);
        try {
            if (Boolean.getBoolean(UPDATE)) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, actual);
            }
            String hint = path + " is not current. If the difference is intended, run the test again with -D" + UPDATE
                    + "=true, for example: mvn -pl reconciler test -D" + UPDATE + "=true; then review git diff " + path;
            assertThat(file).as(hint).exists();
            assertThat(actual).as(hint).isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The directory above the modules, whatever the working directory of the tests is. */
    public static Path projectRoot() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.exists(directory.resolve("reconciler/pom.xml"))) {
            directory = directory.getParent();
        }
        if (directory == null) {
            throw new IllegalStateException("the tests run outside of the project");
        }
        return directory;
    }
}
