package dev.ensembled.forge.http;

import dev.ensembled.forge.api.ForgeFailedException;
import java.util.Map;

/** The headers of each request: those that authenticate the client, and those that select a version of the API. */
public interface RequestHeaders {
    /**
     * Returns the headers for a request that is sent now.
     *
     * @throws ForgeFailedException if the credentials cannot be read or obtained
     */
    Map<String, String> current() throws ForgeFailedException;

    /**
     * Called when the forge answers that the credentials are not valid.
     *
     * @return whether {@link #current()} may have other credentials now, so that the request is worth a second attempt
     */
    default boolean renew() {
        return false;
    }
}
