package dev.ensembled.web;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who may read what, given that there is no login: clients that reach the loopback address may read everything; in a
 * cluster, that requires the permission to forward a port of the pod. Other machines get only the probe results, and the
 * endpoints that require a token, unless the settings open the rest to them. Pure.
 *
 * @param network whether other machines may read everything
 * @param metrics whether other machines may read the metrics, whatever the name by which they address this server
 * @param hosts names of this server besides localhost and addresses
 */
record Access(boolean network, boolean metrics, Set<String> hosts) {
    /** What to do with a request. */
    enum Verdict {
        SERVE,
        /** Answer only whether the daemon is up. */
        PROBE,
        FOR_LOOPBACK_ONLY,
        /** A foreign page whose host name resolves to this server (DNS rebinding), or a name that is not configured. */
        UNKNOWN_HOST,
        /** A foreign page makes a browser send this request. */
        OTHER_SITE
    }

    private static final String PROBES = "/q/health/";
    private static final String AUTHENTICATED = "/api/v1/";
    private static final String METRICS = "/metrics";
    private static final Set<String> PROBE_NAMES = Set.of("live", "ready", "started");
    private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9a-f:.]+]|[^:\\[\\]]+)(:[0-9]*)?");
    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+]");

    /**
     * The parts of a request that matter for access.
     *
     * @param loopback whether it came to the loopback address
     * @param host the name by which the client addresses the server, with a port; empty if the client sends none
     * @param origin the origin of the page that sent the request; empty if no page did
     */
    record Request(boolean loopback, String method, String path, String host, String origin) {

        /** Returns the name of the requested probe; empty if the request is not for a probe. */
        String probe() {
            String name = path.startsWith(PROBES) ? path.substring(PROBES.length()) : "";
            return PROBE_NAMES.contains(name) ? name : "";
        }

        /** Whether the endpoint itself requires a token, which a browser does not add to a request of a foreign page. */
        boolean authenticated() {
            return path.startsWith(AUTHENTICATED);
        }

        private boolean fromOtherSite() {
            return !origin.isEmpty()
                    && !origin.equalsIgnoreCase("http://" + host)
                    && !origin.equalsIgnoreCase("https://" + host);
        }
    }

    Verdict verdict(Request request) {
        boolean openToOthers =
                request.authenticated() || (metrics && request.path().equals(METRICS));
        if (openToOthers && !request.loopback()) {
            return Verdict.SERVE;
        }
        if (!request.loopback() && !network) {
            return request.probe().isEmpty() ? Verdict.FOR_LOOPBACK_ONLY : Verdict.PROBE;
        }
        if (!knows(request)) {
            return Verdict.UNKNOWN_HOST;
        }
        return request.fromOtherSite() ? Verdict.OTHER_SITE : Verdict.SERVE;
    }

    /** An address is always known, because a foreign page cannot make it resolve to this server, as it can with a name. */
    private boolean knows(Request request) {
        Matcher authority = AUTHORITY.matcher(request.host().toLowerCase(Locale.ROOT));
        if (!authority.matches()) {
            return false;
        }
        String name = authority.group(1);
        return OWN_NAMES.contains(name)
                || hosts.stream().anyMatch(name::equalsIgnoreCase)
                || (!request.loopback() && ADDRESS.matcher(name).matches());
    }
}
