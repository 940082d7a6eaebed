package dev.ensembled.reconciler.spec.validation;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The effect of a Service's name on other pods of its namespace. Kubernetes gives each pod the variables
 * {@code NAME_PORT=tcp://ADDRESS:2181}, {@code NAME_SERVICE_HOST} and more, unless the pod sets
 * {@code enableServiceLinks: false}. An image that is configured by a variable of that name takes the address for its
 * own setting, and does not start.
 */
final class ServiceLinks {
    /**
     * Applications that use ZooKeeper, and their components: ensembles are often named after the application that they
     * serve.
     */
    private static final Set<String> APPLICATIONS = Set.of(
            "accumulo",
            "activemq",
            "bookkeeper",
            "clickhouse",
            "connect",
            "drill",
            "druid",
            "flink",
            "hadoop",
            "hbase",
            "hdfs",
            "hive",
            "kafka",
            "kafka-connect",
            "kafka-rest",
            "ksqldb",
            "mesos",
            "nacos",
            "nifi",
            "nifi-registry",
            "pinot",
            "pulsar",
            "schema-registry",
            "solr",
            "spark",
            "storm",
            "yarn",
            "zookeeper");

    private ServiceLinks() {}

    /** The conflict that an ensemble's name can cause; empty if there is none. */
    static Optional<String> conflict(String name) {
        if (!APPLICATIONS.contains(name)) {
            return Optional.empty();
        }
        String variable = name.toUpperCase(Locale.ROOT).replace('-', '_') + "_PORT";
        String better = name.equals("zookeeper") ? "kafka-zk" : name + "-zk";
        return Optional.of(
                "a Service of this name sets " + variable + "=tcp://... in every pod of its namespace without"
                        + " enableServiceLinks: false, and images that read " + variable
                        + " as a setting fail to start: prefer a name such as " + better);
    }
}
