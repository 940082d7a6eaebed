package dev.ensembled.git.transport;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.Optional;

/**
 * How one fetch reaches the server over HTTP.
 *
 * @param client with the certificates of the time at which the fetch began
 * @param proxy the credentials for a proxy, if there are any
 */
public record HttpAccess(HttpClient client, Optional<ProxyCredentials> proxy) {
    /** Adds the header that a proxy requires. */
    public void authorize(HttpRequest.Builder request) {
        proxy.ifPresent(credentials -> request.setHeader("Proxy-Authorization", credentials.header()));
    }
}
