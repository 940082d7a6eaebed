package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.simulation.Disk.Content;
import java.util.Optional;

/** What a pod's start script does before its server starts: nobody without data of its own starts unless admitted. */
final class StartScript {
    private final World world;

    StartScript(World world) {
        this.world = world;
    }

    /** Why the server may not start; empty if it may. A start permit is used once in the life of a pod. */
    Optional<Instance.Disk> refuses(Node node) {
        Disk disk = node.disk;
        if (node.isNewlyPermitted(StartPermit.JOIN)) {
            join(node);
            return Optional.empty();
        }
        if (disk.content == Content.OF_ANOTHER) {
            return Optional.of(Instance.Disk.FOREIGN);
        }
        if (goesOnJoining(node)) {
            disk.learn(node.permittedTo);
            return Optional.empty();
        }
        if (disk.content == Content.NOTHING && node.isNewlyPermitted(StartPermit.BOOTSTRAP)) {
            found(node);
            return Optional.empty();
        }
        if (disk.unreadable) {
            return Optional.of(Instance.Disk.CORRUPT);
        }
        boolean starts = disk.content != Content.NOTHING && disk.listsItself();
        node.permitUsed |= starts;
        return starts ? Optional.empty() : Optional.of(Instance.Disk.BLANK);
    }

    /** Its membership does not list it before it is given a place; until it has learned, what it was admitted to does. */
    private static boolean goesOnJoining(Node node) {
        boolean hasNoPlace = !node.disk.listsItself() || node.disk.learning;
        return node.permitUsed && node.isPermitted(StartPermit.JOIN) && hasNoPlace;
    }

    private void join(Node node) {
        world.tell("member " + node.id + " puts its data aside, and joins");
        node.permitUsed = true;
        node.disk.content = Content.NOTHING;
        node.disk.unreadable = false;
        node.disk.learning = true;
        node.disk.zxid = 0;
        node.disk.learn(node.permittedTo);
    }

    private void found(Node node) {
        world.tell("member " + node.id + " begins with an empty database");
        node.permitUsed = true;
        world.peers.begins(node);
        node.disk.content = Content.DATA;
        node.disk.zxid = 0;
        node.disk.learn(node.permittedTo);
    }
}
