package dev.ensembled.git;

import java.net.http.HttpHeaders;
import java.util.Locale;

/**
 * What a server answered, without its content.
 *
 * @param status 0 if there was no answer
 * @param type of the content; empty if the server did not say
 * @param basic whether it asks for a user name and a password or token
 */
record HttpAnswer(int status, String type, boolean basic) {
    static final HttpAnswer NONE = new HttpAnswer(0, "", false);

    static HttpAnswer of(int status, HttpHeaders headers) {
        return new HttpAnswer(
                status,
                headers.firstValue("Content-Type").orElse(""),
                headers.allValues("WWW-Authenticate").stream()
                        .map(value -> value.toLowerCase(Locale.ROOT))
                        .anyMatch(value -> value.contains("basic") || value.contains("digest")));
    }

    /** Whether it is what a Git server sends, whatever it says. */
    boolean isOfGit() {
        return type.startsWith("application/x-git-");
    }
}
