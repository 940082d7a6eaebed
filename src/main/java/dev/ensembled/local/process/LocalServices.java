package dev.ensembled.local.process;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The HTTP services of the servers: the AdminServer and the metrics. All servers are on one machine, so each has its own
 * ports for these services, on loopback, regardless of the ports in the spec.
 */
public final class LocalServices {
    private static final String ENABLED = "admin.enableServer";
    private static final String PROVIDER = "metricsProvider.className";
    private static final String PROMETHEUS = "org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider";

    private LocalServices() {}

    /** The settings of one server that override settings of the spec. */
    static SortedMap<String, String> settings(Map<String, String> wanted, Ports ports) {
        SortedMap<String, String> settings = new TreeMap<>();
        if (hasAdmin(wanted)) {
            settings.put("admin.serverAddress", Ports.LOOPBACK);
            settings.put("admin.serverPort", Integer.toString(ports.admin()));
        }
        if (wanted.containsKey(PROVIDER)) {
            settings.put("metricsProvider.httpHost", Ports.LOOPBACK);
            settings.put("metricsProvider.httpPort", Integer.toString(ports.metrics()));
        }
        return settings;
    }

    /** The addresses of the services, by name. */
    public static SortedMap<String, String> addresses(Map<String, String> wanted, Ports ports) {
        SortedMap<String, String> addresses = new TreeMap<>();
        if (hasAdmin(wanted)) {
            addresses.put("admin", address(ports.admin(), wanted.getOrDefault("admin.commandURL", "/commands")));
        }
        if (PROMETHEUS.equals(wanted.get(PROVIDER))) {
            addresses.put("metrics", address(ports.metrics(), "/metrics"));
        }
        return addresses;
    }

    private static String address(int port, String path) {
        return "http://" + Ports.LOOPBACK + ":" + port + path;
    }

    private static boolean hasAdmin(Map<String, String> wanted) {
        return "true".equals(wanted.get(ENABLED));
    }
}
