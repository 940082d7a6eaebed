package dev.ensembled.notification;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where notifications are sent, and which.
 *
 * @param credentials the directory with {@code url}, {@code hmac-key} for a webhook, and optionally {@code ca.crt}, {@code
 *     tls.crt}, {@code tls.key}, {@code proxy-username} and {@code proxy-password}; read for each request
 * @param severity the least severity that is sent
 * @param ensembles patterns of namespace/name in which an asterisk stands for any characters but a slash; all ensembles if
 *     empty
 */
public record Receiver(String name, Type type, Path credentials, Severity severity, List<String> ensembles) {

    /** How notifications are written. */
    public enum Type {
        /** The incoming webhook of Slack, which Mattermost and Rocket.Chat accept too. */
        SLACK,
        /** JSON, signed with a shared key. */
        WEBHOOK,
        /** CloudEvents 1.0 in structured mode. */
        CLOUDEVENTS
    }

    public Receiver {
        ensembles = List.copyOf(ensembles);
    }

    boolean wants(Notification notification) {
        return notification.severity().compareTo(severity) >= 0
                && (ensembles.isEmpty()
                        || ensembles.stream().anyMatch(pattern -> matches(pattern, notification.ensemble())));
    }

    private static boolean matches(String pattern, EnsembleId ensemble) {
        String regex =
                Arrays.stream(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining("[^/]*"));
        return ensemble.toString().matches(regex);
    }
}
