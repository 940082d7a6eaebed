package dev.ensembled.notification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonFormat;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Map;

/**
 * Writes notifications as a receiver expects them.
 *
 * @param installation the name of this installation, by which a receiver tells several of them apart
 */
record Format(Receiver.Type type, String installation) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String APPLICATION_JSON = "application/json";

    /** The body of a request, and the value of its header {@code Content-Type}. */
    record Body(String contentType, String text) {}

    Body of(Notification notification) {
        return switch (type) {
            case SLACK -> new Body(APPLICATION_JSON, json(Map.of("text", slack(notification))));
            case WEBHOOK -> new Body(APPLICATION_JSON, json(data(notification)));
            case CLOUDEVENTS ->
                new Body(
                        JsonFormat.CONTENT_TYPE,
                        new String(new JsonFormat().serialize(event(notification)), StandardCharsets.UTF_8));
        };
    }

    /** With the three characters escaped that Slack interprets, so that no text can mention a channel or hide a link. */
    private static String slack(Notification notification) {
        String text = "[" + notification.severity() + "] " + notification.ensemble() + ": " + notification.text()
                + notification
                        .commit()
                        .map(commit -> " (commit " + commit + ")")
                        .orElse("");
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private Map<String, Object> data(Notification notification) {
        Map<String, Object> data = notification.data();
        data.put("installation", installation);
        return data;
    }

    private CloudEvent event(Notification notification) {
        return CloudEventBuilder.v1()
                .withId(notification.id().toString())
                .withType("dev.ensembled." + notification.type())
                .withSource(URI.create("/ensembled/" + installation))
                .withSubject(notification.ensemble().toString())
                .withTime(notification.time().atOffset(ZoneOffset.UTC))
                .withData(APPLICATION_JSON, json(data(notification)).getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private static String json(Map<String, Object> content) {
        try {
            return JSON.writeValueAsString(content);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("strings and numbers can be written as JSON", e);
        }
    }
}
