package dev.ensembled.planner;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ensembled.reconciler.spec.read.SourceFile;
import dev.ensembled.reconciler.spec.read.SourceFile.Unreadable;
import dev.ensembled.reconciler.spec.yaml.YamlText;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The files for which a plan is requested.
 *
 * @param files with the paths that they have in the repository
 * @param complete whether these are all YAML files of the repository, so that an ensemble that none of them defines is no
 *     longer defined; if not, other ensembles are not part of the plan
 * @param source the name of the source to which the files would be pushed; null if the daemon has only one
 */
public record PlanRequest(
        List<File> files, boolean complete, @JsonInclude(JsonInclude.Include.NON_NULL) String source) {
    /** The largest request in bytes: the files of a commit that the Git source accepts, as JSON. */
    public static final int MAX_BYTES = 16 * 1024 * 1024;

    /** The largest number of files. */
    public static final int MAX_FILES = 20_000;

    public PlanRequest {
        files = files == null ? List.of() : List.copyOf(files);
    }

    /**
     * A file.
     *
     * @param unreadable why the client did not read it; null if it did
     * @param ours whether the part of an unreadable file that could be read mentions an ensemble
     */
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    public record File(String path, String text, String unreadable, boolean ours) {
        /** The largest file that the Git source reads, in characters. */
        private static final int MAX_CHARACTERS = YamlText.MAX_BYTES;

        public File {
            Objects.requireNonNull(path, "path");
            text = Objects.requireNonNullElse(text, "");
        }

        /** Returns the file under the path that it has in the repository. */
        public static File of(SourceFile file, String path) {
            return new File(
                    path,
                    file.text(),
                    file.refusal().map(Unreadable::why).orElse(null),
                    file.refusal().map(Unreadable::ours).orElse(false));
        }

        SourceFile sourceFile() {
            if (unreadable == null && text.length() > MAX_CHARACTERS) {
                return new SourceFile(
                        path,
                        "",
                        Optional.of(new Unreadable(
                                "the file has more than " + MAX_CHARACTERS + " characters: split it into several files",
                                true)));
            }
            return new SourceFile(
                    path,
                    unreadable == null ? text : "",
                    Optional.ofNullable(unreadable).map(why -> new Unreadable(why, ours)));
        }
    }
}
