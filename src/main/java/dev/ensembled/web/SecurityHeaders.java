package dev.ensembled.web;

import io.vertx.core.MultiMap;
import java.util.Map;

/** The headers of every response, errors included: the pages need their own style sheet, script and data, and
 * nothing that is inline or from another origin. */
public final class SecurityHeaders {
    private static final Map<String, String> HEADERS = Map.ofEntries(
            Map.entry(
                    "Content-Security-Policy",
                    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self';"
                            + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"),
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
