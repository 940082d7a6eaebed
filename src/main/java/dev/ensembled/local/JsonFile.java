package dev.ensembled.local;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.ensembled.reconciler.spec.OneLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * A file that holds one value as JSON. It is replaced as a whole, so that a reader finds the old value or the new one, at
 * any instant and after any crash.
 *
 * @param remedy what a person can do when it cannot be read, in a sentence
 */
record JsonFile(Path path, String remedy) {
    static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    /**
     * Its value; empty if there is no such file.
     *
     * @throws UnreadableFileException if it holds no such value
     */
    <T> Optional<T> read(Class<T> type) throws IOException {
        try {
            T value = JSON.readValue(Files.readAllBytes(path), type);
            if (value == null) {
                throw new UnreadableFileException(path, "it holds nothing", remedy, null);
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

    /** Moves what cannot be read out of the way, for a person to look at. */
    void putAside() throws IOException {
        Files.move(
                path,
                path.resolveSibling(path.getFileName() + ".unreadable"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static String reason(JsonProcessingException e) {
        String place =
                e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
        return "it is cut off, or not what ensembled wrote" + place + " (" + OneLine.of(e.getOriginalMessage()) + ")";
    }

    /** Replaces its value, and makes the directories above it. */
    void write(Object value) throws IOException {
        Files.createDirectories(path.getParent());
        DurableFile.replace(path, JSON.writeValueAsBytes(value));
    }

    /** The same, for a value that only this user may read: at no instant is there a file that others can. */
    void writeSecret(Object value) throws IOException {
        Files.createDirectories(path.getParent());
        DurableFile.replaceSecret(path, JSON.writeValueAsBytes(value));
    }

    void delete() throws IOException {
        Files.deleteIfExists(path);
    }
}
