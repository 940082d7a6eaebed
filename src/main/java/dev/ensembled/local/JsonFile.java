package dev.ensembled.local;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * A file that holds one value as JSON. It is replaced as a whole, so that whoever reads it, at any instant and after any
 * crash, finds the old value or the new one.
 */
record JsonFile(Path path) {
    static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    /** Its value; empty if there is no such file. */
    <T> Optional<T> read(Class<T> type) throws IOException {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(path), type));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Replaces its value, and makes the directories above it. */
    void write(Object value) throws IOException {
        Files.createDirectories(path.getParent());
        Path next = path.resolveSibling(path.getFileName() + ".next");
        replaceBy(next, JSON.writeValueAsBytes(value));
    }

    /** The same, for a value that only this user may read: at no instant is there a file that others can. */
    void writeSecret(Object value) throws IOException {
        Files.createDirectories(path.getParent());
        Path next = path.resolveSibling(path.getFileName() + ".next");
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        replaceBy(next, JSON.writeValueAsBytes(value));
    }

    void delete() throws IOException {
        Files.deleteIfExists(path);
    }

    private void replaceBy(Path next, byte[] content) throws IOException {
        Files.write(next, content);
        // Without this, a machine that loses power may come up with the name of the new file and none of its content.
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
