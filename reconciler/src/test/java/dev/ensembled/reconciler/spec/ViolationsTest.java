package dev.ensembled.reconciler.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ensembled.reconciler.Golden;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One violation at a time: a line or two of a spec, and the position, field and message that a user sees. */
class ViolationsTest {

    static Stream<Arguments> specs() {
        return Stream.of(
                // schema
                arguments("observer: 1", "7:3: spec.observer: unknown field: did you mean observers?"),
                arguments("xyzzy: 1", "7:3: spec.xyzzy: unknown field"),
                arguments("storage: {sise: 1Gi}", "7:13: spec.storage.sise: unknown field: did you mean size?"),
                arguments("storage: {log: {}}", "7:18: spec.storage.log.size: must be set. Size of the volume."),
                arguments("observers: -1", "7:14: spec.observers: must be from 0 to 49, not -1"),
                arguments("observers: 1.5", "7:14: spec.observers: must be a whole number, not 1.5"),
                arguments("observers: '1'", "7:14: spec.observers: must be a whole number, not \"1\""),
                arguments("observers: 010", "7:14: spec.observers: YAML parsers disagree on the value of 010: write"),
                arguments("observers: [1]", "7:14: spec.observers: must be a whole number, not a list"),
                arguments("jvm: 1Gi", "7:8: spec.jvm: must be a mapping of fields to values, not a string"),
                arguments("jvm: {options: -Da=b}", "7:18: spec.jvm.options: must be a list, not a string"),
                arguments("jvm: {options: [-Xint, ~]}", "7:26: spec.jvm.options[1]: must not be empty"),
                arguments("rollout: {paused: yes}", "7:21: spec.rollout.paused: YAML parsers disagree on whether yes"),
                arguments(
                        "deletionPolicy: delete",
                        "7:19: spec.deletionPolicy: must be Delete or Orphan, not \"delete\""),
                arguments(
                        "storage: {size: 10}", "7:19: spec.storage.size: must be a size such as 512Mi or 10Gi, not a"),
                arguments("storage: {size: 10GB}", "7:19: spec.storage.size: must be a size such as 512Mi or 10Gi"),
                arguments("image: 'a b'", "7:10: spec.image: must be an image such as"),
                arguments(
                        "image: !!str x",
                        "7:10: spec.image: YAML tags such as tag:yaml.org,2002:str are not supported"),
                arguments("jvm: {<<: {}}", "7:9: spec.jvm.<<: merge keys (<<) are not supported: repeat the fields"),
                arguments("voters: 3", "7:3: spec.voters: is already set at line 6, column 3: remove one of the two"),
                // membership
                arguments("budget: {maxUnavailable: 2}", "7:28: spec.budget.maxUnavailable: must be at most 1 with 3"),
                arguments("observers: 48", "7:14: spec.observers: voters and observers together must be at most 50"),
                // zoo.cfg
                arguments(
                        "config: {dataDir: /x}", "7:12: spec.config.dataDir: ensembled owns this key: the mount paths"),
                arguments("config: {dataLogDir: /x}", "7:12: spec.config.dataLogDir: ensembled owns this key"),
                arguments("config: {clientPort: 1}", "7:12: spec.config.clientPort: ensembled owns this key: Services"),
                arguments(
                        "config: {secureClientPort: 1}", "spec.config.secureClientPort: ensembled owns this key: TLS"),
                arguments("config: {server.1: x}", "7:12: spec.config.server.1: ensembled owns this key: the member"),
                // how votes are counted
                arguments(
                        "config: {group.1: '1:2'}",
                        "7:12: spec.config: voters without a group: 3. If there are groups"),
                arguments("config: {group.1: 1, group.5: 2}", "7:12: spec.config: voters without a group: 3. If there"),
                arguments(
                        "config: {group.1: '1:2:3:4'}",
                        "7:21: spec.config.group.1: 4 is not a voter: the voters are 1 to 3"),
                arguments(
                        "observers: 1\nconfig: {group.1: '1:2:3:4'}",
                        "8:21: spec.config.group.1: 4 is not a voter: the"),
                arguments(
                        "config: {group.1: '1:2', group.2: '2:3'}",
                        "7:37: spec.config.group.2: voter 2 is already in group.1: a voter must be in exactly one group"),
                arguments("config: {group.1: '1:2:3:3'}", "7:21: spec.config.group.1: voter 3 is already in group.1"),
                arguments(
                        "config: {group.1: '1,2,3'}",
                        "7:21: spec.config.group.1: must be ids of voters, separated by colons"),
                arguments("config: {group.1: '1:02:3'}", "7:21: spec.config.group.1: must be ids of voters, separated"),
                arguments(
                        "config: {group.1: 1:2:3}",
                        "7:21: spec.config.group.1: YAML parsers disagree on the value of 1:2:3"),
                arguments(
                        "config: {group.1: }",
                        "spec.config.group.1: must not be empty: set a value, or remove the key"),
                arguments(
                        "config: {group.a: '1:2:3'}",
                        "7:12: spec.config.group.a: must have the form group.N, with a number"),
                arguments(
                        "config: {group.01: '1:2:3'}", "7:12: spec.config.group.01: must have the form group.N, with"),
                arguments(
                        "config: {groups: '1:2:3'}",
                        "7:12: spec.config.groups: must have the form group.N, with a number"),
                arguments(
                        "config: {weight.1: 1}",
                        "7:12: spec.config.weight.1: weights require groups, without which ZooKeeper"),
                arguments(
                        "config: {group.1: '1:2:3', weight.4: 1}",
                        "7:30: spec.config.weight.4: 4 is not a voter: the voters are 1 to 3"),
                arguments(
                        "config: {group.1: '1:2:3', weight: 1}",
                        "7:30: spec.config.weight: must have the form weight.N, with"),
                arguments(
                        "config: {group.1: '1:2:3', weight.1: -1}",
                        "7:40: spec.config.weight.1: must be a whole number from 0 to 1000000"),
                arguments("config: {group.1: '1:2:3', weight.1: heavy}", "7:40: spec.config.weight.1: must be a whole"),
                arguments(
                        "config: {group.1: '1:2:3', weight.3: 0, weight.1: 0, weight.2: 0}",
                        "7:30: spec.config: all voters have weight 0, so no vote counts: set"),
                arguments(
                        "jvm: {options: ['-Dzookeeper.group.1=1:2:3']}",
                        "options[0]: ZooKeeper does not read group.1 from a system property: set it in spec.config"),
                arguments(
                        "config: {standaloneEnabled: true}", "spec.config.standaloneEnabled: ensembled owns this key"),
                arguments("config: {reconfigEnabled: false}", "spec.config.reconfigEnabled: ensembled owns this key"),
                arguments("config: {4lw.commands.whitelist: '*'}", "4lw.commands.whitelist: ensembled owns this key"),
                arguments("config: {electionPortBindRetry: 1}", "electionPortBindRetry: ensembled owns this key"),
                arguments("config: {quorumListenOnAllIPs: true}", "quorumListenOnAllIPs: ensembled owns this key"),
                arguments("config: {dynamicConfigFile: x}", "dynamicConfigFile: ensembled owns this key"),
                arguments("config: {peerType: observer}", "peerType: ensembled owns this key"),
                arguments(
                        "config: {skipACL: 'yes'}",
                        "spec.config.skipACL: ensembled owns this key: it would disable access"),
                arguments(
                        "config: {DigestAuthenticationProvider.superDigest: x}",
                        "DigestAuthenticationProvider.superDigest: ensembled owns this key: only ensembled uses the super"),
                arguments("config: {ssl.quorum.keyStore.location: x}", "ssl.quorum.keyStore.location: ensembled owns"),
                arguments("config: {quorum.auth.enableSasl: true}", "quorum.auth.enableSasl: ensembled owns this key"),
                arguments(
                        "config: {db.autocreate: true}",
                        "spec.config.db.autocreate: ensembled owns this key: it would allow"),
                arguments("config: {ticktime: 1000}", "spec.config.ticktime: unknown key: did you mean tickTime?"),
                arguments("config: {datadir: /x}", "did you mean dataDir? ensembled owns that key: the mount"),
                arguments(
                        "config: {maxClientCnxn: 1}",
                        "spec.config.maxClientCnxn: unknown key: did you mean maxClientCnxns?"),
                arguments(
                        "config: {zookeeper.snapCount: 5}",
                        "spec.config.zookeeper.snapCount: must be snapCount: ZooKeeper"),
                arguments("config: {'a b': 5}", "spec.config.a b: must consist of letters, digits, dots"),
                arguments("config: {\"a\\nb\": 5}", "spec.config.a?b: must consist of letters, digits, dots"),
                arguments(
                        "config: {tickTime: 1}",
                        "7:22: spec.config.tickTime: must be a whole number from 100 to 60000"),
                arguments("config: {tickTime: fast}", "spec.config.tickTime: must be a whole number from 100 to 60000"),
                arguments("config: {initLimit: 0}", "spec.config.initLimit: must be a whole number from 1 to 10000"),
                arguments("config: {syncLimit: -5}", "spec.config.syncLimit: must be a whole number from 1 to 10000"),
                arguments("config: {syncEnabled: on}", "spec.config.syncEnabled: YAML parsers disagree on whether on"),
                arguments("config: {syncEnabled: 'on'}", "spec.config.syncEnabled: must be true or false"),
                arguments(
                        "config: {snapCount: }",
                        "spec.config.snapCount: must not be empty: set a value, or remove the key"),
                arguments("config: {snapCount: [1]}", "spec.config.snapCount: must be a single value, not a list"),
                arguments(
                        "config: {oraclePath: \"a\\nb=c\"}",
                        "spec.config.oraclePath: must be a single line without control"),
                arguments(
                        "config: {oraclePath: 'a\\b'}",
                        "spec.config.oraclePath: must be a single line without control"),
                arguments("config: {oraclePath: ' a'}", "spec.config.oraclePath: must not begin or end with spaces"),
                arguments(
                        "config: {minSessionTimeout: 9, maxSessionTimeout: 8}",
                        "spec.config.minSessionTimeout: must not be greater than maxSessionTimeout (8)"),
                // keys that no code reads
                arguments(
                        "config: {jute.maxbuffer: 4194304}",
                        "7:12: spec.config.jute.maxbuffer: is a system property that zoo.cfg does not set: remove it,"
                                + " and add -Djute.maxbuffer=4194304 to spec.jvm.options"),
                arguments(
                        "config: {readonlymode.enabled: true}", "add -Dreadonlymode.enabled=true to spec.jvm.options"),
                arguments("config: {znode.container.maxPerMinute: 1}", "add -Dznode.container.maxPerMinute=1 to"),
                arguments(
                        "config: {requestThrottleLimit: 5}",
                        "spec.config.requestThrottleLimit: is a heading in the guide of ZooKeeper, not a key: use"
                                + " request_throttle_max_requests"),
                arguments("config: {connectionMaxTokens: 5}", "not a key: use connection_throttle_tokens"),
                arguments("config: {globalSessionWeight: 5}", "use connection_throttle_global_session_weight"),
                arguments("config: {warningthresholdms: 5}", "not a key: use fsync.warningthresholdms"),
                arguments("config: {Request_throttle_max_requests: 5}", "did you mean request_throttle_max_requests?"),
                arguments("config: {metricsProvider.classname: x}", "did you mean metricsProvider.className?"),
                arguments("config: {AuthProvider.sasl: a.B}", "did you mean authProvider.sasl?"),
                arguments("config: {snapcount: 5}", "did you mean snapCount?"),
                arguments("config: {client.secure: true}", "client.secure: is read by clients and tools only, not by"),
                arguments(
                        "config: {testingonly.initialZxid: 1}",
                        "ensembled owns this key: it is meant for the tests of"),
                arguments(
                        "config: {datadir.autocreate: false}",
                        "ensembled owns this key: a server with an empty volume"),
                arguments(
                        "config: {SASLAuthenticationProvider.superPassword: x}",
                        "ensembled owns this key: only ensembled uses the super"),
                // values with which ZooKeeper exits, or which it silently replaces
                arguments("config: {request_throttle_max_requests: many}", "7:43: spec.config.request_throttle_max_re"),
                arguments(
                        "config: {globalOutstandingLimit: 3000000000}", "globalOutstandingLimit: must be a whole num"),
                arguments("config: {cnxTimeout: 5s}", "spec.config.cnxTimeout: must be a whole number"),
                arguments("config: {digest.enabled: 'on'}", "spec.config.digest.enabled: must be true or false"),
                arguments("config: {snapshot.compression.method: zip}", "compression.method: must be gz or snappy"),
                arguments("config: {pathStats.sampleRate: half}", "spec.config.pathStats.sampleRate: must be a number"),
                arguments("config: {authProvider.sasl: 5}", "authProvider.sasl: must be the fully qualified name"),
                arguments(
                        "config: {oraclePath: \"a\\uD800\"}",
                        "7:24: spec.config.oraclePath: the character U+D800 is not allowed"),
                arguments(
                        "podTemplate: {spec: {containers: [{name: zookeeper, env: [{name: A, value: \"\\uD83D\"}]}]}}",
                        "the character U+D83D is not allowed in a value: remove it"),
                arguments("podTemplate: {metadata: {labels: {a: \"\\b\"}}}", "the character U+0008 is not allowed in"),
                // system properties that no code reads
                arguments(
                        "jvm: {options: [-Dzookeeper.tickTime=5]}",
                        "spec.jvm.options[0]: the server reads tickTime from zoo.cfg, not from a system property: set"),
                arguments(
                        "jvm: {options: [-Dzookeeper.admin.enableServer=true]}",
                        "the server reads admin.enableServer from zoo.cfg"),
                arguments(
                        "jvm: {options: [-Dzookeeper.jute.maxbuffer=5]}",
                        "the server does not read zookeeper.jute.maxbuffer: use -Djute.maxbuffer=5"),
                arguments(
                        "jvm: {options: [-DsnapCount=5]}",
                        "the server does not read the system property snapCount: set"),
                arguments(
                        "jvm: {options: [-DrequestThrottleLimit=5]}",
                        "set request_throttle_max_requests in spec.config"),
                arguments(
                        "jvm: {options: [-Dzookeeper.requestThrottleLimit=5]}", "did you mean request_throttle_max_r"),
                arguments("jvm: {options: [-Djute.maxbuffer=10MB]}", "the value of jute.maxbuffer must be a whole"),
                arguments("jvm: {options: [-Dzookeeper.snapCount=x]}", "the value of snapCount must be a whole number"),
                arguments(
                        "config: {snapCount: 50}\njvm: {options: [-Dzookeeper.snapCount=60]}",
                        "spec.jvm.options[0]: spec.config also sets snapCount, and takes precedence: remove one of the two"),
                // jvm
                arguments("jvm: {heap: 1Mi}", "7:15: spec.jvm.heap: must be from 64Mi to 256Gi, not 1Mi"),
                arguments("jvm: {heap: 900Gi}", "7:15: spec.jvm.heap: must be from 64Mi to 256Gi, not 900Gi"),
                arguments(
                        "jvm: {options: [-Xmx1g]}",
                        "7:19: spec.jvm.options[0]: the heap size is set by spec.jvm.heap: remove -Xmx1g"),
                arguments(
                        "jvm: {options: [-XX:MaxRAMPercentage=50]}",
                        "options[0]: the heap size is set by spec.jvm.heap"),
                arguments("jvm: {options: [Xlog]}", "spec.jvm.options[0]: must be a single option that begins with a"),
                arguments(
                        "jvm: {options: ['-Da=b c']}", "spec.jvm.options[0]: must be a single option that begins with"),
                arguments("jvm: {options: ['-Da=$(id)']}", "options[0]: must contain only letters, digits and _"),
                arguments("jvm: {options: ['-Da=`id`']}", "options[0]: must contain only letters, digits and _"),
                arguments("jvm: {options: ['-Da=*']}", "options[0]: must contain only letters, digits and _"),
                arguments("jvm: {options: [-version]}", "options[0]: -version is not a supported option: use options"),
                arguments(
                        "config: {leaderServes: 'no'}",
                        "spec.config.leaderServes: ensembled owns this key: with no, the leader reports that it"),
                arguments(
                        "jvm: {options: [-Dzookeeper.leaderServes=no]}",
                        "options[0]: ensembled owns leaderServes: with no, the leader reports that it"),
                arguments("jvm: {options: [-Dzookeeper.skipACL=yes]}", "options[0]: ensembled owns skipACL: it would"),
                arguments("jvm: {options: [-Dsun.net.inetaddr.ttl=60]}", "options[0]: ensembled sets how long servers"),
                // metrics
                arguments("metrics: true", "7:12: spec.metrics: must be a mapping of fields to values, not a boolean"),
                arguments("metrics: {port: 80}", "7:19: spec.metrics.port: must be from 1024 to 65535, not 80"),
                arguments("metrics: {prot: 7000}", "7:13: spec.metrics.prot: unknown field: did you mean port?"),
                arguments("metrics: {port: 2181}", "7:19: spec.metrics.port: is the port of clients: use another port"),
                arguments("metrics: {port: 2888}", "7:19: spec.metrics.port: is the port of the quorum: use another"),
                arguments("metrics: {port: 3888}", "7:19: spec.metrics.port: is the port of leader elections: use"),
                arguments(
                        "metrics: {port: 8080}\nconfig: {admin.enableServer: true}",
                        "7:19: spec.metrics.port: is the port of the AdminServer: use another port"),
                arguments(
                        "metrics: {}\nconfig: {admin.enableServer: true, admin.serverPort: 7000}",
                        "7:12: spec.metrics.port: is the port of the AdminServer: use another port"),
                arguments(
                        "metrics: {port: 2191}\nconfig: {observerMasterPort: 2191}",
                        "7:19: spec.metrics.port: is the port of config.observerMasterPort: use another port"),
                arguments(
                        "config: {metricsProvider.httpPort: 7000}\nmetrics: {port: 7000}",
                        "7:12: spec.config.metricsProvider.httpPort: spec.metrics sets this key: remove one of the"),
                arguments(
                        "metrics: {}\nconfig: {metricsProvider.className: com.example.Provider}",
                        "8:12: spec.config.metricsProvider.className: spec.metrics sets this key: remove one of the"),
                arguments(
                        "metrics: {}\nconfig: {metricsProvider.httpHost: 127.0.0.1}",
                        "8:12: spec.config.metricsProvider.httpHost: spec.metrics sets this key: remove one of the"),
                // storage
                arguments("storage: {size: 64Mi}", "7:19: spec.storage.size: must be at least 128Mi, not 64Mi:"),
                arguments("storage: {log: {size: 1Mi}}", "7:25: spec.storage.log.size: must be at least"),
                arguments(
                        "storage: {deletionPolicy: Keep}",
                        "spec.storage.deletionPolicy: must be Delete or Orphan, not \"Keep\""),
                arguments(
                        "storage: {storageClassName: Fast}", "storageClassName: must be a name of lower-case letters"),
                // rollout
                arguments(
                        "rollout: {settle: 5}",
                        "7:21: spec.rollout.settle: must be a duration such as 5s, 5m or 1h30m"),
                arguments("rollout: {settle: 5sec}", "7:21: spec.rollout.settle: must be a duration such as 5s, 5m"),
                arguments(
                        "rollout: {progressDeadline: 0s}",
                        "spec.rollout.progressDeadline: progressDeadline (0s) must be longer"),
                arguments("rollout: {progressDeadline: 5s}", "progressDeadline (5s) must be longer than settle (5s)"),
                arguments(
                        "rollout: {settle: 10m}",
                        "7:21: spec.rollout.settle: progressDeadline (5m) must be longer than"),
                arguments("rollout: {soak: 1 minute}", "7:19: spec.rollout.soak: must be a duration such as 5s, 5m or"),
                arguments(
                        "rollout: {approval: leader}",
                        "approval: must be Always or Leader or None, not \"leader\": did"),
                arguments(
                        "rollout: {windows: ['0 1 * * *']}",
                        "7:23: spec.rollout.windows[0]: must be a mapping of fields"),
                arguments(
                        "rollout: {windows: [{duration: 1h}]}",
                        "7:23: spec.rollout.windows[0].cron: must be set. Schedule on which"),
                arguments(
                        "rollout: {windows: [{cron: '0 2 * * *'}]}",
                        "spec.rollout.windows[0].duration: must be set. Time for which"),
                arguments(
                        window("60 2 * * *", "1h", "UTC"),
                        "7:30: spec.rollout.windows[0].cron: is not a valid schedule: Value 60 not in"),
                arguments(
                        window("0 2 * *", "1h", "UTC"),
                        "windows[0].cron: is not a valid schedule: Cron expression contains 4 parts"),
                arguments(
                        window("0 0 2 * * *", "1h", "UTC"),
                        "windows[0].cron: is not a valid schedule: Cron expression contains 6"),
                arguments(
                        window("@daily", "1h", "UTC"),
                        "windows[0].cron: is not a valid schedule: Nicknames not supported. The"),
                arguments(
                        window("0 22-2 * * *", "1h", "UTC"),
                        "windows[0].cron: is not a valid schedule: Invalid range! [22,2]"),
                arguments(window("", "1h", "UTC"), "windows[0].cron: is not a valid schedule: "),
                arguments(
                        window("0 2 30 2 *", "1h", "UTC"),
                        "7:30: spec.rollout.windows[0].cron: is not a valid schedule: the date does not exist in any year. The"),
                arguments(
                        window("0 2 * * *", "0s", "UTC"),
                        "7:53: spec.rollout.windows[0].duration: must be longer than 0"),
                arguments(window("0 2 * * *", "169h", "UTC"), "windows[0].duration: must be at most 168h (7 days)"),
                arguments(
                        window("0 2 * * *", "2 h", "UTC"), "windows[0].duration: must be a duration such as 5s, 5m or"),
                arguments(
                        window("0 2 * * *", "2h", "Europe/Berln"),
                        "windows[0].timeZone: must be an IANA time zone, such as Europe/Berlin or"
                                + " UTC: did you mean Europe/Berlin?"),
                arguments(
                        window("0 2 * * *", "2h", "+02:00"), "windows[0].timeZone: must be an IANA time zone, such as"),
                // what is allowed
                arguments(
                        "allow: {evenVoter: true}",
                        "7:11: spec.allow.evenVoter: unknown field: did you mean evenVoters?"),
                arguments(
                        "allow: {downgrade: 'true'}",
                        "7:22: spec.allow.downgrade: must be true or false, not \"true\""),
                arguments(
                        "credentials: {rotation: -1}", "7:27: spec.credentials.rotation: must be from 0 to 2147483647"),
                // placement
                arguments(
                        "placement: {spreadBy: [a b]}",
                        "7:26: spec.placement.spreadBy[0]: must be a label key such as"),
                // pod template
                arguments(
                        "podTemplate: []", "7:16: spec.podTemplate: must be a mapping of fields to values, not a list"),
                arguments(
                        "podTemplate: {replicas: 3}",
                        "spec.podTemplate.replicas: unknown field: set spec.voters and spec.observers"),
                arguments(
                        "podTemplate: {spec: {tolerations: [{kee: a}]}}", "tolerations[0].kee: unknown field: did you"),
                arguments("podTemplate: {spec: {affinity: {podAffinty: {}}}}", "did you mean podAffinity?"),
                arguments("podTemplate: {spec: {priority: high}}", "spec.podTemplate.spec.priority: must be a whole"),
                arguments("podTemplate: {spec: {hostIPC: 'true'}}", "spec.podTemplate.spec.hostIPC: must be true or"),
                arguments(
                        "podTemplate: {spec: {tolerations: {}}}", "spec.podTemplate.spec.tolerations: must be a list"),
                arguments(
                        "podTemplate: {metadata: {labels: {a: 1}}}",
                        "metadata.labels.a: must be a string, not a number"),
                arguments(
                        "podTemplate: {metadata: {name: a}}",
                        "metadata.name: is not supported: only labels and annotations"),
                arguments(
                        "podTemplate: {metadata: {labels: {app.kubernetes.io/name: a}}}",
                        "metadata.labels.app.kubernetes.io/name: is reserved for ensembled"),
                arguments(
                        "podTemplate: {metadata: {annotations: {ensembled.dev/x: a}}}",
                        "metadata.annotations.ensembled.dev/x: is reserved for ensembled"),
                arguments("podTemplate: {spec: {hostname: a}}", "spec.podTemplate.spec.hostname: ensembled owns this"),
                arguments(
                        "podTemplate: {spec: {subdomain: a}}", "spec.podTemplate.spec.subdomain: ensembled owns this"),
                arguments(
                        "podTemplate: {spec: {restartPolicy: Never}}", "spec.restartPolicy: ensembled owns this field"),
                arguments("podTemplate: {spec: {hostNetwork: true}}", "spec.hostNetwork: ensembled owns this field"),
                arguments("podTemplate: {spec: {volumes: [{name: data}]}}", "volumes[0].name: is the name of a volume"),
                arguments(
                        "podTemplate: {spec: {initContainers: [{name: zookeeper}]}}",
                        "initContainers[0].name: is reserved for the container of the server"),
                arguments("podTemplate: {spec: {containers: [{image: a}]}}", "containers[0].name: must be set"),
                arguments("podTemplate: {spec: {containers: [{name: a}]}}", "containers[0].image: must be set"),
                arguments(container("image: a"), "containers[0].image: ensembled owns this field: use spec.image"),
                arguments(container("command: [a]"), "containers[0].command: ensembled owns this field"),
                arguments(container("args: [a]"), "containers[0].args: ensembled owns this field"),
                arguments(container("ports: []"), "containers[0].ports: ensembled owns this field"),
                arguments(container("readinessProbe: {}"), "containers[0].readinessProbe: ensembled owns this field"),
                arguments(container("livenessProbe: {}"), "containers[0].livenessProbe: ensembled owns this field"),
                arguments(container("lifecycle: {}"), "containers[0].lifecycle: ensembled owns this field"),
                arguments(container("env: [{name: SERVER_JVMFLAGS}]"), "env[0].name: ensembled owns this variable"),
                arguments(
                        container("volumeMounts: [{name: x, mountPath: /data/}]"),
                        "volumeMounts[0].mountPath: overlaps with /data, where ensembled mounts a"),
                arguments(
                        container("resources: {limits: {memory: 512Mi}}"),
                        "resources.limits.memory: must be at least 128Mi more than the heap"),
                arguments(
                        container("resources: {limits: {memory: lots}}"),
                        "resources.limits.memory: must be a quantity such as 500m or 1Gi, not a string"));
    }

    private static String window(String cron, String duration, String timeZone) {
        return "rollout: {windows: [{cron: '%s', duration: '%s', timeZone: '%s'}]}".formatted(cron, duration, timeZone);
    }

    private static String container(String field) {
        return "podTemplate: {spec: {containers: [{name: zookeeper, " + field + "}]}}";
    }

    @ParameterizedTest
    @MethodSource("specs")
    void aSpecIsRefusedForOneReason(String specLines, String expected) {
        assertRefused(Specs.with(specLines), expected);
    }

    private static void assertRefused(String text, String expected) {
        // When
        ParsedCommit parsed = Specs.read(text);

        // Then
        assertThat(parsed.ensembles()).isEmpty();
        assertThat(parsed.violations()).hasSize(1);
        assertThat(parsed.violations().get(0).toString())
                .startsWith(Specs.FILE + ":")
                .contains(expected);
        assertThat(parsed.invalidPaths()).containsExactly(Specs.FILE);
    }

    static Stream<Arguments> documents() {
        String valid = Specs.minimal("kafka");
        return Stream.of(
                arguments(valid.replace("v1alpha1", "v1"), "1:13: apiVersion: must be ensembled.dev/v1alpha1"),
                arguments(valid.replace("apiVersion: ensembled.dev/v1alpha1", "{}"), "not valid YAML"),
                arguments(valid.replace("ZooKeeperE", "ZookeeperE"), "2:7: kind: must be ZooKeeperEnsemble"),
                arguments(valid.replaceFirst("apiVersion.*\n", ""), "1:1: apiVersion: must be ensembled.dev/v1alpha1"),
                arguments(valid.replaceFirst("kind.*\n", ""), "1:1: kind: must be ZooKeeperEnsemble"),
                arguments(valid.replaceFirst("metadata.*\n", ""), "1:1: metadata: must be a mapping with a name"),
                arguments(valid.replace("{name: kafka}", "{}"), "3:11: metadata.name: must be set"),
                arguments(
                        valid.replace("{name: kafka}", "{name: 1}"),
                        "3:18: metadata.name: must be a string, not a num"),
                arguments(
                        valid.replace("name: kafka", "name: Kafka"), "3:18: metadata.name: must consist of lower-case"),
                arguments(valid.replace("name: kafka", "name: 1a"), "3:18: metadata.name: must consist of lower-case"),
                arguments(
                        valid.replace("kafka", "a".repeat(53)), "3:18: metadata.name: must have at most 52 characters"),
                arguments(valid.replace("kafka", "a-headless"), "3:18: metadata.name: must not end in -headless"),
                arguments(
                        valid.replace("kafka}", "kafka, namespace: A}"), "metadata.namespace: must consist of at most"),
                arguments(
                        valid.replace("kafka}", "kafka, label: {}}"),
                        "metadata.label: unknown or not allowed in a file: " + "did you mean labels?"),
                arguments(valid.replace("kafka}", "kafka, uid: x}"), "metadata.uid: unknown or not allowed in a file"),
                arguments(
                        valid.replace("kafka}", "kafka, labels: {a: true}}"),
                        "metadata.labels.a: must be a string, not"),
                arguments(
                        valid.replace("kafka}", "kafka, labels: {a: 'b c'}}"),
                        "metadata.labels.a: must have at most 63"),
                arguments(
                        valid.replace("kafka}", "kafka, labels: {a b: c}}"),
                        "metadata.labels.a b: must be a qualified"),
                arguments(
                        valid.replaceFirst("spec.*\n", ""), "1:1: spec: must be set, with at least version and voters"),
                arguments(valid.replaceFirst("spec.*\n", "spec: []\n"), "4:7: spec: must be a mapping of fields to"),
                arguments(
                        valid + "status: {}\n",
                        "5:1: status: is written by ensembled and not allowed in a file: remove it"),
                arguments(valid + "sepc: {}\n", "5:1: sepc: unknown field: did you mean spec?"),
                arguments(
                        valid.replace("voters: 3", "x: 3").replace("x: 3", ""),
                        "4:7: spec.voters: must be set. Number"),
                arguments(valid.replace("voters: 3", "voters: 2"), "4:32: spec.voters: must be odd: with 2 voters"),
                arguments(
                        valid.replace("voters: 3", "voters: 4"),
                        "4:32: spec.voters: must be odd: 4 voters need 3 for a quorum and tolerate 1 failed, as many as 3"
                                + " voters do. Use 3 or 5, or set allow.evenVoters: true"),
                arguments(
                        valid.replace("voters: 3", "voters: 4, allow: {manyVoters: true, evenVoters: false}"),
                        "4:32: spec.voters: must be odd: 4 voters need 3"),
                arguments(
                        valid.replace("voters: 3", "voters: 9"),
                        "4:32: spec.voters: must be at most 7, not 9: each write waits for 5 voters, while observers serve reads"
                                + " and do not slow down writes. Use observers, or set allow.manyVoters: true"),
                arguments(
                        valid.replace("voters: 3", "voters: 8, allow: {evenVoters: true}"),
                        "4:32: spec.voters: must be at most 7, not 8: each write waits for 5 voters"),
                arguments(
                        valid.replace("voters: 3", "voters: 4, allow: {evenVoters: true}, budget: {maxUnavailable: 2}"),
                        "spec.budget.maxUnavailable: must be at most 1 with 4 voters, not 2, so that a quorum"),
                arguments(
                        valid.replace("voters: 3", "voters: 9, allow: {manyVoters: true}, budget: {maxUnavailable: 5}"),
                        "spec.budget.maxUnavailable: must be at most 4 with 9 voters, not 5, so that a quorum"),
                arguments(valid.replace("voters: 3", "voters: 50"), "4:32: spec.voters: must be from 1 to 49, not 50"),
                arguments(
                        valid.replace("voters: 3", "voters: 49, observers: 2, allow: {manyVoters: true}"),
                        "spec.observers: voters and observers together must be at most 50"),
                arguments(valid.replace("voters: 3", "voters: 0"), "4:32: spec.voters: must be from 1 to 49, not 0"),
                arguments(
                        valid.replace("voters: 3", "voters: 99999999999999999999"),
                        "4:32: spec.voters: must be from 1"),
                arguments(valid.replace("3.9.5", "3.9"), "4:17: spec.version: must be a full version such as 3.9.5"),
                arguments(valid.replace("3.9.5", "latest"), "4:17: spec.version: must be a full version such as 3.9.5"),
                arguments(valid.replace("3.9.5", "3.9.3"), "spec.version: 3.9.3 can lose data when a follower syncs"),
                arguments(
                        valid.replace("3.9.5", "3.7.2"),
                        "spec.version: must be 3.8.0 or later, not 3.7.2; 3.9.4 or later"),
                arguments(valid.replace("3.9.5", "*v"), "4:17: spec.version: the alias *v has no anchor before it"),
                arguments(
                        valid.replace("voters: 3", "? [a] : 3, voters: 3"),
                        "4:26: spec: a key must be a scalar, not a list"),
                arguments(valid + "\t- x\n", "not valid YAML: found character '\\t(TAB)'"),
                arguments(valid.replace("kafka", "ka\u0007fka"), "3:20: the character U+0007 is not allowed in YAML"));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void aDocumentIsRefusedForOneReason(String text, String expected) {
        assertRefused(text, expected);
    }

    @Test
    void harmlessRemarkIsANote() {
        // Given
        String text = Specs.with("image: mirror/zookeeper:3.9.4\nconfig: {my.plugin.key: 1, forceSync: 'no'}");

        // When
        ParsedCommit parsed = Specs.read(text);

        // Then
        assertThat(parsed.violations()).isEmpty();
        assertThat(parsed.ensembles()).hasSize(1);
        assertThat(parsed.notes())
                .satisfiesExactlyInAnyOrder(
                        note -> assertThat(note)
                                .contains(":7:10: spec.image: the tag of the image is 3.9.4, and spec.version"),
                        note -> assertThat(note).contains(":8:12: spec.config.my.plugin.key: unknown to ZooKeeper"),
                        note -> assertThat(note).contains("spec.config.forceSync: acknowledged writes can be lost"));
    }

    static Stream<String> acceptable() {
        return Stream.of(
                Specs.with("").replace("voters: 3", "voters: 2\n  allow: {evenVoters: true}"),
                Specs.with("")
                        .replace("voters: 3", "voters: 6\n  allow: {evenVoters: true}\n  budget: {maxUnavailable: 2}"),
                Specs.with("")
                        .replace("voters: 3", "voters: 9\n  allow: {manyVoters: true}\n  budget: {maxUnavailable: 4}"),
                Specs.with("").replace("voters: 3", "voters: 49\n  observers: 1\n  allow: {manyVoters: true}"),
                Specs.with("config: {group.1: '1:2', group.2: 3, weight.3: 0}"),
                Specs.with("config: {group.1: '1:2:3', weight.1: 1000000}"),
                Specs.with("rollout: {handOffLeader: true, approval: Leader, soak: 0s}"),
                Specs.with(window("0 2 * * 1-5", "168h", "Europe/Berlin")),
                Specs.with("rollout: {windows: [{cron: 0 2 29 2 *, duration: 500ms}]}"),
                Specs.with("metrics: {}"),
                Specs.with("metrics: {port: 8080}\nconfig: {admin.enableServer: false}"),
                Specs.with("metrics: {port: 8080}\nconfig: {admin.enableServer: true, admin.serverPort: 8081}"),
                Specs.with("metrics: {}\nconfig: {metricsProvider.exportJvmInfo: false}"),
                Specs.with("config: {metricsProvider.httpPort: 7001, metricsProvider.className:"
                        + " org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider}"),
                Specs.with("credentials: {rotation: 3}"));
    }

    @ParameterizedTest
    @MethodSource("acceptable")
    void allowedSpecIsAcceptedWithoutANote(String text) {
        ParsedCommit parsed = Specs.read(text);

        assertThat(parsed.violations()).isEmpty();
        assertThat(parsed.notes()).isEmpty();
        assertThat(parsed.ensembles()).hasSize(1);
    }

    @Test
    void metricsWithoutAValueAreANote() {
        ParsedCommit parsed = Specs.read(Specs.with("metrics:"));

        assertThat(parsed.violations()).isEmpty();
        assertThat(parsed.ensembles().get(0).resource().getSpec().metrics()).isNull();
        assertThat(parsed.notes())
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains(":7:", "spec.metrics: has no value and no effect: {} turns metrics on");
    }

    @Test
    void deletionOfVolumesWithTheirServersIsANote() {
        ParsedCommit parsed = Specs.read(Specs.with("storage: {deletionPolicy: Delete}"));

        assertThat(parsed.violations()).isEmpty();
        assertThat(parsed.ensembles().get(0).resource().getSpec().storage().deletionPolicy())
                .isEqualTo(EnsembleSpec.DeletionPolicy.Delete);
        assertThat(parsed.notes())
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains(
                        ":7:29: spec.storage.deletionPolicy: the volumes of removed members are deleted on scale down");
    }

    @Test
    void violationsAreAllReportedAtOnce() {
        String text =
                """
                apiVersion: ensembled.dev/v1
                kind: ZooKeeperEnsemble
                metadata:
                  name: Kafka_1
                  namespce: streaming
                spec:
                  version: 3.9.3
                  image: zookeeper 3.9.3
                  voters: 4
                  observers: many
                  config:
                    tickTime: 20
                    dataDir: /data
                    initlimit: 10
                    admin.enableServer: no
                    tickTime: 2000
                  jvm:
                    heap: 12
                    options: [-Xmx1g, "-XX:OnOutOfMemoryError=kill -9 %p", verbose]
                  storage:
                    size: 1Mi
                    deletionPolicy: Delete
                    sise: 10Gi
                  podTemplate:
                    metadata:
                      labels:
                        app.kubernetes.io/name: kafka
                    spec:
                      hostname: kafka
                      nodeSelector: [fast]
                      containers:
                        - name: zookeeper
                          image: zookeeper
                          resorces: {}
                        - name: sidecar
                  placement: {spreadBy: kubernetes.io/hostname}
                  budget: {maxUnavailable: 9}
                  rollout: {settle: 10m, progressDeadline: 1m, windows: [{cron: "* * * *", duration: 0s}]}
                  deletionPolicy: orphan
                ---
                {unfinished
                """;

        StringBuilder lines = new StringBuilder();
        Specs.read(text).violations().forEach(violation -> lines.append(violation)
                .append('\n'));

        Golden.verify(
                "reconciler/src/test/resources/dev/ensembled/reconciler/spec/everything-wrong.txt", lines.toString());
    }
}
