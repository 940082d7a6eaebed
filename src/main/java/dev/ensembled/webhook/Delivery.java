package dev.ensembled.webhook;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A request to a webhook as it was received: its headers, and the bytes of its body, before anything is parsed. */
final class Delivery {
    private final Map<String, List<String>> headers = new TreeMap<>();
    private final byte[] body;

    /**
     * Creates a delivery.
     *
     * @param headers all values of each header; names in any case
     * @param body is not copied, and must not be changed afterwards
     */
    Delivery(Map<String, List<String>> headers, byte[] body) {
        headers.forEach((name, values) -> this.headers.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        this.body = body;
    }

    /** Returns all values of a header, in the order of the request. */
    List<String> values(String header) {
        return headers.getOrDefault(header.toLowerCase(Locale.ROOT), List.of());
    }

    /** Returns the value of a header; empty if it is absent or was sent more than once. */
    Optional<String> value(String header) {
        List<String> values = values(header);
        return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
    }

    byte[] body() {
        return body;
    }
}
