package dev.ensembled.notification;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One change of an ensemble, for receivers.
 *
 * @param id the same in each attempt to deliver it, so that a receiver can recognise a repetition
 * @param type what changed, as docs/notifications.md lists it
 * @param commit of the spec; empty if it is not from a Git source
 * @param text for people, in one line
 * @param details for programs
 */
record Notification(
        UUID id,
        Instant time,
        Severity severity,
        String type,
        EnsembleId ensemble,
        Optional<String> commit,
        String text,
        Map<String, Object> details) {

    /** The fields of this notification, as each format that carries data has them. */
    Map<String, Object> data() {
        Map<String, Object> data = new TreeMap<>(details);
        data.put("id", id.toString());
        data.put("time", time.toString());
        data.put("severity", severity.toString());
        data.put("type", type);
        data.put("namespace", ensemble.namespace());
        data.put("name", ensemble.name());
        commit.ifPresent(value -> data.put("commit", value));
        data.put("text", text);
        return data;
    }
}
