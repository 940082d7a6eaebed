package dev.ensembled.reconciler.spec.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * A sanity test that fails.
 *
 * @param fingerprint fingerprint of the running instances that the sanity test covers
 * @param since when it failed first for these instances
 * @param member the member through which it failed last
 * @param refused whether a server refused it, as opposed to giving no answer
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FailedSanityTest(
        @JsonPropertyDescription("Fingerprint of the servers that the sanity test covers.") String fingerprint,
        @JsonPropertyDescription("Time of the first failure for these servers.") String since,
        @JsonPropertyDescription("Id of the server through which the sanity test last failed.") Integer member,
        @JsonPropertyDescription("Whether the server refused the request, as opposed to giving no answer.")
                Boolean refused) {}
