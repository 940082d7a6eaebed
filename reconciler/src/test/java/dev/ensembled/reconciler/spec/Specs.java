package dev.ensembled.reconciler.spec;

import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.SourceFile;
import dev.ensembled.reconciler.spec.read.SpecReader;
import dev.ensembled.reconciler.spec.validation.Policy;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Texts that the tests of this package start from. */
public final class Specs {
    static final String FILE = "ensembles/kafka.yaml";

    /** Every field that a spec can have. */
    static final String FULL =
            """
            apiVersion: ensembled.dev/v1alpha1
            kind: ZooKeeperEnsemble
            metadata:
              name: kafka-zk
              namespace: streaming
              labels: {team: data}
            spec:
              version: 3.9.5
              image: registry.example:5000/mirror/zookeeper:3.9.5@sha256:%s
              voters: 5
              observers: 2
              config:
                tickTime: 2000
                admin.enableServer: false
                snapshot.compression.method: "gz"
                connection_throttle_decrease_ratio: 0.10
                authProvider.sasl: org.apache.zookeeper.server.auth.SASLAuthenticationProvider
                group.1: "1:2:3"
                group.2: "4:5"
                weight.5: 0
              jvm: {heap: 1Gi, options: [-XX:+UseG1GC, "-Dzookeeper.example=1"]}
              metrics: {port: 7070}
              storage: {size: 10Gi, storageClassName: fast, log: {size: 5Gi}, deletionPolicy: Orphan}
              podTemplate:
                metadata:
                  labels: {cost-center: "42"}
                spec:
                  tolerations: [{key: dedicated, operator: Exists, effect: NoSchedule}]
                  containers:
                    - name: zookeeper
                      resources: {requests: {cpu: 1, memory: 1536Mi}, limits: {memory: 1536Mi}}
                      securityContext: {readOnlyRootFilesystem: null}
                    - name: exporter
                      image: example/exporter:1
                      ports: [{containerPort: 9100}]
                      livenessProbe: {tcpSocket: {port: 9100}}
              placement: {spreadBy: [kubernetes.io/hostname], required: true}
              budget: {maxUnavailable: 2}
              rollout:
                paused: true
                settle: 0s
                progressDeadline: 1h30m
                soak: 10m
                windows: [{cron: 0 2 * * 1-5, duration: 2h, timeZone: Europe/Berlin}, {cron: 0 0 * * 0, duration: 24h}]
                approval: Always
                handOffLeader: true
              deletionPolicy: Delete
              allow: {downgrade: true}
              credentials: {rotation: 2}
            """
                    .formatted("0123456789abcdef".repeat(4));

    private Specs() {}

    /** A small valid document. */
    static String minimal(String name) {
        return """
                apiVersion: ensembled.dev/v1alpha1
                kind: ZooKeeperEnsemble
                metadata: {name: %s}
                spec: {version: 3.9.5, voters: 3}
                """
                .formatted(name);
    }

    /** A document whose spec has these lines in addition to the required ones. */
    public static String with(String specLines) {
        return """
                apiVersion: ensembled.dev/v1alpha1
                kind: ZooKeeperEnsemble
                metadata: {name: kafka-zk}
                spec:
                  version: 3.9.5
                  voters: 3
                """
                + specLines.indent(2);
    }

    public static ParsedCommit read(String text) {
        return read(text, Policy.DEFAULT);
    }

    public static ParsedCommit read(String text, Policy policy) {
        return new SpecReader("zookeeper", policy).read(List.of(SourceFile.of(FILE, text)));
    }

    /** A policy that differs from the default in these two values. */
    static Policy policy(Policy.PodSecurity podSecurity, Policy.JvmOptions jvmOptions) {
        return new Policy(Set.of(), Optional.empty(), podSecurity, jvmOptions, Set.of(), Set.of());
    }
}
