package dev.ensembled.forge.http;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The link to the next page of a list, in the header {@code Link} of RFC 8288. */
final class NextPage {
    private static final Pattern LINK = Pattern.compile("<([^<>]{1,2000})>\\s*;[^,<]{0,200}\\brel=\"?next\"?");

    private NextPage() {}

    /** The address of the page after this one: the same path, with the query of the link. */
    static Optional<URI> after(URI page, HttpHeaders headers) {
        String path = page.toString().replaceFirst("\\?.*", "");
        return of(headers).map(URI::getRawQuery).map(query -> URI.create(path + "?" + query));
    }

    private static Optional<URI> of(HttpHeaders headers) {
        for (String header : headers.allValues("Link")) {
            Matcher link = LINK.matcher(header);
            if (link.find()) {
                return uri(link.group(1));
            }
        }
        return Optional.empty();
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(URI.create(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
