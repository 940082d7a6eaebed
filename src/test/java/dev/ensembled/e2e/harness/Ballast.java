package dev.ensembled.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.KeeperException.Code;

/** Data that a server has to send to new members. */
public final class Ballast {
    private static final int NODE_BYTES = 500_000;
    private static final int NODES_PER_MEGABYTE = 2;

    private Ballast() {}

    /** Writes this many megabytes through one server. */
    public static void load(String address, int megabytes) {
        byte[] data = new byte[NODE_BYTES];
        try (QuickClient client = QuickClient.connect(address)) {
            for (int i = 0; i < megabytes * NODES_PER_MEGABYTE; i++) {
                assertThat(client.create("/ballast-" + i, data)).isEqualTo(Code.OK);
            }
        } catch (TimeoutException e) {
            throw new IllegalStateException("no session at " + address, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
