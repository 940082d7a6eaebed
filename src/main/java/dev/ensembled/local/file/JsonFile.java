package dev.ensembled.local.file;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.ensembled.reconciler.spec.model.SafeText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * A file that contains one value as JSON. It is replaced atomically, so that a reader finds the old value or the new value,
 * at any time and after any crash.
 *
 * @param remedy a sentence that says what a person can do when the file cannot be read
 */
public record JsonFile(Path path, String remedy) {
    public static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    /**
     * The value in the file; empty if the file does not exist.
     *
     * @throws UnreadableFileException if the file cannot be read, or does not contain a value of this type
     */
    public <T> Optional<T> read(Class<T> type) throws IOException {
        try {
            T value = JSON.readValue(Files.readAllBytes(path), type);
            if (value == null) {
                throw new UnreadableFileException(path, "the file contains no value", remedy, null);
            }
            return Optional.of(value);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw new UnreadableFileException(path, reason(e), remedy, e);
        } catch (UnreadableFileException e) {
            throw e;
        } catch (IOException e) {
            throw new UnreadableFileException(path, e.toString(), remedy, e);
        }
    }

    /** Renames a file that cannot be read, so that a person can examine it. */
    public void putAside() throws IOException {
        Files.move(
                path,
                path.resolveSibling(path.getFileName() + ".unreadable"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static String reason(JsonProcessingException e) {
        String location =
                e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
        return "truncated or invalid JSON" + location + " (" + SafeText.of(e.getOriginalMessage()) + ")";
    }

    /** Replaces the value, and creates the parent directories. */
    public void write(Object value) throws IOException {
        Files.createDirectories(path.getParent());
        DurableFile.replace(path, JSON.writeValueAsBytes(value));
    }

    /** Like {@code write}, for a value that only this user may read: at no moment can other users read the file. */
    public void writeSecret(Object value) throws IOException {
        Files.createDirectories(path.getParent());
        DurableFile.replaceSecret(path, JSON.writeValueAsBytes(value));
    }

    public void delete() throws IOException {
        Files.deleteIfExists(path);
    }
}
