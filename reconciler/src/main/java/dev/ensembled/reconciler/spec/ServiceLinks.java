package dev.ensembled.reconciler.spec;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What the name of a Service does to other pods of its namespace. Kubernetes gives each of them the variables {@code
 * NAME_PORT=tcp://ADDRESS:2181}, {@code NAME_SERVICE_HOST} and more, unless it says {@code enableServiceLinks: false}. An
 * image that is configured by a variable of that name takes the address for a setting of its own, and does not start.
 */
final class ServiceLinks {
    /** Applications that use ZooKeeper, and what they bring along: ensembles are named after what they serve. */
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

    /** What is to be known of an ensemble's name; empty if there is nothing. */
    static Optional<String> danger(String name) {
        if (!APPLICATIONS.contains(name)) {
            return Optional.empty();
        }
        String variable = name.toUpperCase(Locale.ROOT).replace('-', '_') + "_PORT";
        String better = name.equals("zookeeper") ? "kafka-zk" : name + "-zk";
        return Optional.of(
                "a Service of this name sets " + variable + "=tcp://... in every pod of its namespace that does"
                        + " not say enableServiceLinks: false, and images that take " + variable
                        + " for a setting of theirs do not start: prefer a name such as " + better);
    }
}
