package dev.ensembled.git.failure;

import java.net.http.HttpHeaders;
import java.util.Locale;

/**
 * The HTTP response of a server, without its content.
 *
 * @param status the status code; 0 if there was no response
 * @param type the content type; empty if the server sent none
 * @param basic whether the server asks for a user name and a password or token (basic authentication)
 */
public record HttpResponseInfo(int status, String type, boolean basic) {
    public static final HttpResponseInfo NONE = new HttpResponseInfo(0, "", false);

    public static HttpResponseInfo of(int status, HttpHeaders headers) {
        return new HttpResponseInfo(
                status,
                headers.firstValue("Content-Type").orElse(""),
                headers.allValues("WWW-Authenticate").stream()
                        .map(value -> value.toLowerCase(Locale.ROOT))
                        .anyMatch(value -> value.contains("basic") || value.contains("digest")));
    }

    /** Whether the content type is that of a Git server. */
    boolean isOfGit() {
        return type.startsWith("application/x-git-");
    }
}
