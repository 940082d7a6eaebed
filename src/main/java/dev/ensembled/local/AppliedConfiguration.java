package dev.ensembled.local;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.ensembled.local.process.ServerConfiguration;
import java.util.Objects;

/**
 * What was applied last for an ensemble. Its servers are started from this, also by the next daemon.
 *
 * @param replicas the number of replicas, counted from member 1; stored under its former name {@code places}, and null in
 *     a file of a version that did not store the number
 * @param ended whether the ensemble was removed: then no server is started, and the data stays
 */
record AppliedConfiguration(ServerConfiguration target, @JsonProperty("places") Integer replicas, boolean ended) {

    AppliedConfiguration {
        Objects.requireNonNull(target, "target");
    }

    AppliedConfiguration withReplicas(int other) {
        return new AppliedConfiguration(target, other, ended);
    }
}
