package dev.ensembled.reconciler.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.SpecSketch;
import dev.ensembled.reconciler.desired.ServerConfig.Endpoint;
import dev.ensembled.reconciler.desired.ServerConfig.Layout;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerConfigTest {

    private static ServerConfig config(Map<String, String> users) {
        EnsembleSpec spec = SpecSketch.of(3).observers(1).config(users).build();
        Desired desired = Desired.of(new EnsembleId("streaming", "kafka"), spec, 1);
        Layout layout = new Layout(
                Map.of("dataDir", "/data", "dynamicConfigFile", "/conf/zoo.cfg.dynamic"), ServerConfigTest::endpoint);
        return ServerConfig.of(desired, layout);
    }

    @Test
    void zooCfgIsRenderedInAFixedOrderWithUserSettings() {
        assertThat(config(Map.of("tickTime", "3000", "maxClientCnxns", "0")).zooCfg())
                .isEqualTo(
                        """
                        4lw.commands.whitelist=conf,mntr,ruok,srvr
                        admin.enableServer=false
                        autopurge.purgeInterval=1
                        autopurge.snapRetainCount=3
                        connectToLearnerMasterLimit=3
                        dataDir=/data
                        db.autocreate=false
                        dynamicConfigFile=/conf/zoo.cfg.dynamic
                        initLimit=10
                        maxClientCnxns=0
                        reconfigEnabled=true
                        standaloneEnabled=false
                        syncLimit=5
                        tickTime=3000
                        """);
    }

    @Test
    void settingsThatEnsembledOwnOverrideTheUser() {
        ServerConfig config = config(Map.of("dataDir", "/elsewhere", "reconfigEnabled", "false"));

        assertThat(config.settings()).containsEntry("dataDir", "/data").containsEntry("reconfigEnabled", "true");
    }

    private static String dynamicConfig() {
        EnsembleSpec spec = SpecSketch.of(3).observers(1).build();
        Desired desired = Desired.of(new EnsembleId("streaming", "kafka"), spec, 1);
        return String.join("\n", MembershipText.lines(desired.membership(), ServerConfigTest::endpoint)) + "\n";
    }

    private static Endpoint endpoint(int id) {
        return new Endpoint("kafka-" + (id - 1) + ".kafka-headless", 2888, 3888, "0.0.0.0", 2181);
    }

    @Test
    void votersAreRenderedBeforeObservers() {
        assertThat(dynamicConfig())
                .isEqualTo(
                        """
                        server.1=kafka-0.kafka-headless:2888:3888:participant;0.0.0.0:2181
                        server.2=kafka-1.kafka-headless:2888:3888:participant;0.0.0.0:2181
                        server.3=kafka-2.kafka-headless:2888:3888:participant;0.0.0.0:2181
                        server.4=kafka-3.kafka-headless:2888:3888:observer;0.0.0.0:2181
                        """);
    }
}
