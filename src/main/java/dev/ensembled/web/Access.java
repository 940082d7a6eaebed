package dev.ensembled.web;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who may read what, since there is no login: all of it is for those who reach the loopback address, which in a cluster takes
 * the right to forward a port of the pod. Other machines get the outcome of the probes, unless the settings open the rest to
 * them. Pure.
 *
 * @param network whether other machines may read all of it
 * @param hosts names of this server beside localhost and addresses
 */
record Access(boolean network, Set<String> hosts) {
    /** What becomes of a request. */
    enum Verdict {
        SERVE,
        /** Only whether it is up. */
        PROBE,
        FOR_LOOPBACK_ONLY,
        /** A page of somebody else whose name leads here (DNS rebinding), or a name that is not configured. */
        UNKNOWN_HOST,
        /** A page of somebody else asks a browser to send this. */
        OTHER_SITE
    }

    private static final String PROBES = "/q/health/";
    private static final Set<String> PROBE_NAMES = Set.of("live", "ready", "started");
    private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9a-f:.]+]|[^:\\[\\]]+)(:[0-9]*)?");
    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+]");

    /**
     * A request as far as it matters.
     *
     * @param loopback whether it came to the loopback address
     * @param host as the client names the server, with a port; empty if it does not
     * @param origin of the page that sent it; empty if none did
     */
    record Request(boolean loopback, String method, String path, String host, String origin) {

        /** The name of the probe that is asked for; empty if it is none. */
        String probe() {
            String name = path.startsWith(PROBES) ? path.substring(PROBES.length()) : "";
            return PROBE_NAMES.contains(name) ? name : "";
        }

        private boolean fromOtherSite() {
            return !origin.isEmpty()
                    && !origin.equalsIgnoreCase("http://" + host)
                    && !origin.equalsIgnoreCase("https://" + host);
        }
    }

    Verdict verdict(Request request) {
        if (!request.loopback() && !network) {
            return request.probe().isEmpty() ? Verdict.FOR_LOOPBACK_ONLY : Verdict.PROBE;
        }
        if (!knows(request)) {
            return Verdict.UNKNOWN_HOST;
        }
        return request.fromOtherSite() ? Verdict.OTHER_SITE : Verdict.SERVE;
    }

    /** An address is no name that somebody else could let lead here. */
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
