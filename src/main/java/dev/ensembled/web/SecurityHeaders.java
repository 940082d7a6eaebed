package dev.ensembled.web;

import io.vertx.core.MultiMap;
import java.util.Map;

/** The headers of every response, errors included: the page needs its style sheet, and nothing else from any origin. */
public final class SecurityHeaders {
    private static final Map<String, String> HEADERS = Map.ofEntries(
            Map.entry(
                    "Content-Security-Policy",
                    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
            Map.entry("X-Content-Type-Options", "nosniff"),
            Map.entry("X-Frame-Options", "DENY"),
            Map.entry("Referrer-Policy", "no-referrer"),
            Map.entry("Cache-Control", "no-store"),
            Map.entry("Cross-Origin-Opener-Policy", "same-origin"),
            Map.entry("Cross-Origin-Embedder-Policy", "require-corp"),
            Map.entry("Cross-Origin-Resource-Policy", "same-origin"),
            Map.entry(
                    "Permissions-Policy",
                    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"));

    private SecurityHeaders() {}

    /** Sets the headers, replacing values that were set before. */
    public static void set(MultiMap headers) {
        HEADERS.forEach(headers::set);
        headers.remove("Server");
    }
}
