package dev.ensembled.webhook;

import java.time.Duration;

/**
 * What senders may cost, verified or not.
 *
 * @param body of one request, in bytes
 * @param buffered of all requests that are being received, in bytes
 * @param connections at the same time
 * @param deadline from the start of a connection to the last byte of its only request, however slowly the sender sends
 * @param client the rate of requests from one address
 * @param source the rate of verified deliveries for one source
 */
record Limits(int body, int buffered, int connections, Duration deadline, Rate client, Rate source) {
    static final Limits DEFAULT = new Limits(
            1 << 20,
            16 << 20,
            256,
            Duration.ofSeconds(10),
            new Rate(120, Duration.ofMillis(100)),
            new Rate(60, Duration.ofSeconds(1)));

    /**
     * How many requests are served.
     *
     * @param burst at once
     * @param interval the time after which one more is served
     */
    record Rate(int burst, Duration interval) {}
}
