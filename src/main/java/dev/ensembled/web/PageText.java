package dev.ensembled.web;

import dev.ensembled.summary.Age;
import io.quarkus.qute.TemplateExtension;
import java.time.Instant;
import java.util.Optional;

/** What templates write that is no property of what they show. */
@TemplateExtension
public final class PageText {
    private PageText() {}

    /** The time from {@code since}, in RFC 3339, until now, as page.js writes it too. */
    public static String age(String since, Instant now) {
        return Age.of(Optional.of(Instant.parse(since)), now);
    }
}
