package dev.ensembled.local.process;

import dev.ensembled.local.file.JsonFile;
import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Decides whether the server of one slot may start: on its own data, or with a start permit. A start permit is valid until the
 * server has data of its own, and the disk is prepared for it once.
 */
record StartCheck(ServerDisk disk, JsonFile file) {

    /** A start permit; {@code used} is true when the disk was prepared for it, or did not have to be prepared. */
    record IssuedPermit(StartPermit how, List<String> membership, boolean used) {
        IssuedPermit {
            Objects.requireNonNull(how, "how");
            membership = List.copyOf(membership);
        }
    }

    /** Whether the server may start, which is so if its disk is fine; otherwise the reason why it may not. */
    record Result(Disk disk, String reason) {
        boolean mayStart() {
            return disk == Disk.FINE;
        }
    }

    private static final Result OPEN = new Result(Disk.FINE, "");

    Optional<StartPermit> permit() throws IOException {
        return file.read(IssuedPermit.class).map(IssuedPermit::how);
    }

    /** Permits the next start of the server. */
    void permit(StartPermit how, List<String> membership) throws IOException {
        file.write(new IssuedPermit(how, membership, false));
    }

    /**
     * Records a start permit for a server that runs already and did not need it. Its disk is not changed, now or later,
     * because the server may be a member by then, and the ensemble depends on its data.
     */
    void markPermitted(StartPermit how, List<String> membership) throws IOException {
        file.write(new IssuedPermit(how, membership, true));
    }

    void forget() throws IOException {
        file.delete();
    }

    /**
     * Prepares the disk if a start permit requires it, and decides whether the server may start.
     *
     * @param unreadable whether the server could not read its data when it ran last
     */
    Result pass(boolean unreadable) throws IOException {
        Optional<IssuedPermit> permitted = file.read(IssuedPermit.class);
        ServerDisk.DiskState found = disk.state();
        // A server that was removed still has data, which is put aside only for a permit to join.
        boolean mayBootstrap = found.disk() == Disk.BLANK && !disk.hasData();
        Optional<IssuedPermit> fresh = permitted
                .filter(given -> !given.used())
                .filter(given -> unreadable || found.disk() != Disk.FINE)
                .filter(given -> given.how() == StartPermit.JOIN || mayBootstrap);
        if (fresh.isPresent()) {
            return use(fresh.get());
        }
        if (found.disk() == Disk.FINE) {
            // A server that exits before its first write starts again with the disk that was prepared for its permit.
            if (disk.hasData()) {
                forget();
            }
            disk.writeIdentity();
            return OPEN;
        }
        return permitted
                        .filter(given -> given.how() == StartPermit.JOIN && given.used())
                        .filter(given -> found.disk() == Disk.BLANK)
                        .isPresent()
                ? continueJoining(permitted.get(), found)
                : closed(found);
    }

    private Result use(IssuedPermit given) throws IOException {
        if (given.how() == StartPermit.BOOTSTRAP) {
            disk.prepareBootstrap(given.membership());
        } else {
            disk.prepareJoin(given.membership());
        }
        markPermitted(given.how(), given.membership());
        return OPEN;
    }

    /** A restarted learner keeps the data that it has received; no committed membership lists it before it joins. */
    private Result continueJoining(IssuedPermit given, ServerDisk.DiskState found) throws IOException {
        if (!disk.isNoMemberYet()) {
            return closed(found);
        }
        disk.seed(given.membership());
        disk.writeIdentity();
        return OPEN;
    }

    private Result closed(ServerDisk.DiskState found) throws IOException {
        forget();
        return new Result(found.disk(), found.reason());
    }
}
