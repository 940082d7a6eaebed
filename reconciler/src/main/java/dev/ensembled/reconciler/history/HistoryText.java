package dev.ensembled.reconciler.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.ensembled.reconciler.spec.model.SafeText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** The text in which a store keeps a history: JSON with a version of its format. Times are in RFC 3339. */
public final class HistoryText {
    private static final int VERSION = 1;

    /** Far more than any history has: a longer text is not parsed. */
    private static final int MAX_LENGTH = 4 * History.MAX_BYTES;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addDeserializer(Instant.class, new InstantReader()))
            .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private HistoryText() {}

    private record Document(int version, List<RecordedCommit> commits) {}

    private static final class InstantReader extends FromStringDeserializer<Instant> {
        private static final long serialVersionUID = 1;

        InstantReader() {
            super(Instant.class);
        }

        @Override
        protected Instant _deserialize(String value, DeserializationContext context) {
            return Instant.parse(value);
        }
    }

    /** Returns the text of a history. */
    public static String of(History history) {
        try {
            return JSON.writeValueAsString(new Document(VERSION, history.commits()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot serialize the history", e);
        }
    }

    static int bytes(History history) {
        return of(history).getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * Returns the history of a text. Fields and restart reasons that this version does not know are left out.
     *
     * @throws UnreadableHistoryException if the text is too long, is not a history, or is one of a newer version
     */
    public static History read(String text) throws UnreadableHistoryException {
        if (text.length() > MAX_LENGTH) {
            throw new UnreadableHistoryException(
                    "the text has " + text.length() + " characters, and at most " + MAX_LENGTH + " are read");
        }
        try {
            JsonNode tree = JSON.readTree(text);
            int version = tree.path("version").asInt();
            if (version != VERSION) {
                throw new UnreadableHistoryException("the version of its format is "
                        + (version == 0 ? "not given" : version) + ", and this version of ensembled reads " + VERSION);
            }
            return new History(JSON.treeToValue(tree, Document.class).commits());
        } catch (JsonProcessingException | RuntimeException e) {
            throw new UnreadableHistoryException("it is not a history: " + SafeText.of(firstLine(e)));
        }
    }

    private static String firstLine(Exception e) {
        String message = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.toString();
        return message.lines().findFirst().orElse(e.getClass().getSimpleName());
    }
}
