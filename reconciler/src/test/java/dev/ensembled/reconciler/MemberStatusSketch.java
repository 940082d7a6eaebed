package dev.ensembled.reconciler;

import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import java.time.Instant;

/** The description of the status of one member; what is not described is unknown. */
public final class MemberStatusSketch {
    private final int id;
    private String name;
    private String role;
    private String zxid;
    private String revision;
    private Boolean ready;
    private String since;
    private String drift;
    private String driftOf;

    private MemberStatusSketch(int id) {
        this.id = id;
    }

    public static MemberStatusSketch of(int id) {
        return new MemberStatusSketch(id);
    }

    /** Its instance, by its name. */
    public MemberStatusSketch instance(String called) {
        name = called;
        return this;
    }

    public MemberStatusSketch role(String reported) {
        role = reported;
        return this;
    }

    public MemberStatusSketch zxid(long number) {
        zxid = "0x" + Long.toHexString(number);
        return this;
    }

    public MemberStatusSketch revision(String created) {
        revision = created;
        return this;
    }

    public MemberStatusSketch ready(boolean whether) {
        ready = whether;
        return this;
    }

    public MemberStatusSketch since(Instant time) {
        since = time.toString();
        return this;
    }

    /** How the server differs from the spec, and the UID of the instance in which this was seen first. */
    public MemberStatusSketch drift(String difference, String uid) {
        drift = difference;
        driftOf = uid;
        return this;
    }

    public MemberStatus build() {
        return new MemberStatus(id, name, role, zxid, revision, ready, since, drift, driftOf);
    }
}
