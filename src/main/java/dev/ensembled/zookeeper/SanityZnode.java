package dev.ensembled.zookeeper;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;

/**
 * The znode that the sanity test writes, with those above it, as one session sees them. Others may read them, and nothing else:
 * so a server that does not take the password yet can be read through, and the super user is whom no ACL stops. Nothing is
 * closed in a session that would not pass itself: of operations that are done all or not at all, one closes and the next
 * passes.
 */
final class SanityZnode {
    // No List.of, which the client asks whether it has null.
    private static final List<ACL> READ_ONLY = Collections.singletonList(new ACL(Perms.READ, Ids.ANYONE_ID_UNSAFE));
    private static final byte[] NOTHING = new byte[0];
    private static final int ANY_VERSION = -1;

    private final ZooKeeper client;
    private final String path;

    SanityZnode(ZooKeeper client, String path) {
        this.client = client;
        this.path = path;
    }

    /** Writes a value, makes the znode and those above it where they are missing, and closes those that are open. */
    void put(byte[] value) throws KeeperException, InterruptedException {
        try {
            client.setData(path, value, ANY_VERSION);
        } catch (KeeperException.NoNodeException e) {
            make(value);
            client.setData(path, value, ANY_VERSION);
        }
        close();
    }

    private void make(byte[] value) throws KeeperException, InterruptedException {
        List<String> missing = new ArrayList<>();
        for (String each : fromTheTop()) {
            if (client.exists(each, false) == null) {
                missing.add(each);
            }
        }
        try {
            make(missing, value, READ_ONLY);
        } catch (KeeperException.NoAuthException e) {
            make(missing, value, Ids.OPEN_ACL_UNSAFE);
        }
    }

    private void make(List<String> missing, byte[] value, List<ACL> acl) throws KeeperException, InterruptedException {
        List<Op> all = new ArrayList<>();
        missing.forEach(each -> all.add(Op.create(each, NOTHING, acl, CreateMode.PERSISTENT)));
        all.add(Op.setData(path, value, ANY_VERSION));
        try {
            client.multi(all);
        } catch (KeeperException.NodeExistsException e) {
            // Somebody was faster, which is as good.
            return;
        }
    }

    /** They were open before ensembled had them closed. */
    private void close() throws KeeperException, InterruptedException {
        List<String> open = new ArrayList<>();
        try {
            for (String each : fromTheTop()) {
                if (!client.getACL(each, null).equals(READ_ONLY)) {
                    open.add(each);
                }
            }
            if (!open.isEmpty()) {
                requireSuperUser();
            }
            for (String each : open) {
                client.setACL(each, READ_ONLY, ANY_VERSION);
            }
        } catch (KeeperException.NoAuthException e) {
            // Another server, or this one after its restart, lets us close them.
            return;
        }
    }

    private void requireSuperUser() throws KeeperException, InterruptedException {
        String trial = path + ".trial";
        client.multi(List.of(
                Op.create(trial, NOTHING, READ_ONLY, CreateMode.PERSISTENT),
                Op.setData(trial, NOTHING, ANY_VERSION),
                Op.delete(trial, ANY_VERSION)));
    }

    byte[] get() throws KeeperException, InterruptedException {
        return client.getData(path, false, null);
    }

    private List<String> fromTheTop() {
        List<String> all = new ArrayList<>();
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            all.add(path.substring(0, slash));
        }
        all.add(path);
        return all;
    }
}
