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
 * The znode that the sanity test writes, with its parents, as one session sees them. Other users may read them, and
 * nothing else: a server that does not accept the password yet can still be read through, and no ACL stops the super
 * user. A session restricts znodes only if it can still write them afterwards; it checks that by a multi transaction,
 * in which one operation creates a restricted znode and the next one writes it.
 */
final class SanityZnode {
    // Not List.of: the client calls contains(null), which List.of refuses with an exception.
    private static final List<ACL> READ_ONLY = Collections.singletonList(new ACL(Perms.READ, Ids.ANYONE_ID_UNSAFE));
    private static final byte[] NOTHING = new byte[0];
    private static final int ANY_VERSION = -1;

    private final ZooKeeper client;
    private final String path;

    SanityZnode(ZooKeeper client, String path) {
        this.client = client;
        this.path = path;
    }

    /** Writes a value, creates the znode and its parents where they are missing, and restricts open znodes. */
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
            // Another client created it first, which is equally good.
            return;
        }
    }

    /** Restricts znodes that were created open, by an earlier version or in a session without the super user. */
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
            // Another server, or this server after its restart, will let ensembled restrict them.
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
