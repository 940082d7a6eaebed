package dev.ensembled.local;

import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Whether the server of one place may start: on its own data, or because it was admitted. A start permit is for one life of
 * what hosts the server, and prepares its disk once.
 */
record Entrance(ServerDisk disk, JsonFile file) {

    /** How the server was admitted; {@code used} when its disk was prepared for that, or did not have to be. */
    record Permitted(StartPermit how, List<String> membership, boolean used) {
        Permitted {
            Objects.requireNonNull(how, "how");
            membership = List.copyOf(membership);
        }
    }

    /** Whether it may start, which is when the disk is fine; and why it may not. */
    record Pass(Disk disk, String reason) {
        boolean mayStart() {
            return disk == Disk.FINE;
        }
    }

    private static final Pass OPEN = new Pass(Disk.FINE, "");

    Optional<StartPermit> permit() throws IOException {
        return file.read(Permitted.class).map(Permitted::how);
    }

    /** Admits the server at its next start. */
    void permit(StartPermit how, List<String> membership) throws IOException {
        file.write(new Permitted(how, membership, false));
    }

    /**
     * Notes that the server which runs was admitted. It did not need it: its disk stays as it is, now and later, since by
     * then it may be a member on whose data the others count.
     */
    void markPermitted(StartPermit how, List<String> membership) throws IOException {
        file.write(new Permitted(how, membership, true));
    }

    void forget() throws IOException {
        file.delete();
    }

    /**
     * Prepares the disk as far as the server was admitted.
     *
     * @param unreadable whether the server could not read its data when it ran last
     */
    Pass pass(boolean unreadable) throws IOException {
        Optional<Permitted> admitted = file.read(Permitted.class);
        ServerDisk.DiskState found = disk.standing();
        // A server that was removed has data too, which only a permit to join sets aside.
        boolean mayBootstrap = found.disk() == Disk.BLANK && !disk.hasData();
        Optional<Permitted> fresh = admitted.filter(given -> !given.used())
                .filter(given -> unreadable || found.disk() != Disk.FINE)
                .filter(given -> given.how() == StartPermit.JOIN || mayBootstrap);
        if (fresh.isPresent()) {
            return use(fresh.get());
        }
        if (found.disk() == Disk.FINE) {
            forget();
            disk.own();
            return OPEN;
        }
        return admitted.filter(given -> given.how() == StartPermit.JOIN && given.used())
                        .filter(given -> found.disk() == Disk.BLANK)
                        .isPresent()
                ? goOnJoining(admitted.get(), found)
                : closed(found);
    }

    private Pass use(Permitted given) throws IOException {
        if (given.how() == StartPermit.BOOTSTRAP) {
            disk.found(given.membership());
        } else {
            disk.join(given.membership());
        }
        markPermitted(given.how(), given.membership());
        return OPEN;
    }

    /** A learner stands in no committed membership before it is given its place; what it has learnt it keeps. */
    private Pass goOnJoining(Permitted given, ServerDisk.DiskState found) throws IOException {
        if (!disk.isNoMemberYet()) {
            return closed(found);
        }
        disk.seed(given.membership());
        disk.own();
        return OPEN;
    }

    private Pass closed(ServerDisk.DiskState found) throws IOException {
        forget();
        return new Pass(found.disk(), found.reason());
    }
}
