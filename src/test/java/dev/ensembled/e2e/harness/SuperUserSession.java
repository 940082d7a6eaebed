package dev.ensembled.e2e.harness;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.client.ZKClientConfig;

/** A client with the super user's password of an ensemble, which changes the membership without ensembled. */
public final class SuperUserSession {
    private static final int SESSION_MILLIS = 10_000;

    private final String password;

    public SuperUserSession(KubernetesClient client, String namespace, String ensemble) {
        Secret secret = client.secrets()
                .inNamespace(namespace)
                .withName(ensemble + "-super")
                .get();
        password = new String(Base64.getDecoder().decode(secret.getData().get("password")), StandardCharsets.UTF_8);
    }

    /** Reconfigures through one server with all members by their names, without a change of the membership. */
    public void nameAllMembersAgain(String address) {
        CountDownLatch connected = new CountDownLatch(1);
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
        config.setProperty(ZKClientConfig.ZOOKEEPER_REQUEST_TIMEOUT, Integer.toString(SESSION_MILLIS));
        try {
            ZooKeeperAdmin admin =
                    new ZooKeeperAdmin(address + ":2181", SESSION_MILLIS, event -> connected.countDown(), config);
            try {
                if (!connected.await(SESSION_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException("no session at " + address);
                }
                nameAllMembersAgain(admin);
            } finally {
                admin.close(1_000);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (KeeperException e) {
            throw new IllegalStateException("the members were not named again", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void nameAllMembersAgain(ZooKeeperAdmin admin) throws KeeperException, InterruptedException {
        admin.addAuthInfo("digest", ("super:" + password).getBytes(StandardCharsets.UTF_8));
        List<String> members = new String(admin.getConfig(false, null), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("server."))
                .toList();
        admin.reconfigure(null, null, members, -1, null);
    }
}
