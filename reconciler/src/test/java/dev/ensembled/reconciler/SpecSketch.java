package dev.ensembled.reconciler;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.Allow;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.Credentials;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.DeletionPolicy;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.Jvm;
import dev.ensembled.reconciler.spec.model.RolloutSpec;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Approval;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Window;
import dev.ensembled.reconciler.spec.model.StorageSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The description of a spec by its differences from the defaults. */
public final class SpecSketch {
    private static final EnsembleSpec DEFAULTS =
            new ObjectMapper().convertValue(Map.of("version", "3.9.5", "voters", 3), EnsembleSpec.class);

    private String version = DEFAULTS.version();
    private String image = DEFAULTS.image();
    private int voters;
    private int observers;
    private Map<String, String> config = DEFAULTS.config();
    private Jvm jvm = DEFAULTS.jvm();
    private String storageSize = DEFAULTS.storage().size();
    private DeletionPolicy deletionPolicy = DEFAULTS.deletionPolicy();
    private Allow allow = DEFAULTS.allow();
    private Credentials credentials = DEFAULTS.credentials();
    private boolean paused;
    private Duration settle = DEFAULTS.rollout().settle();
    private Duration progressDeadline = DEFAULTS.rollout().progressDeadline();
    private Duration soak = DEFAULTS.rollout().soak();
    private List<Window> windows = List.of();
    private Approval approval = Approval.None;
    private boolean handOffLeader;

    private SpecSketch(int voters) {
        this.voters = voters;
    }

    /** A spec with this many voters and no observers. */
    public static SpecSketch of(int voters) {
        return new SpecSketch(voters);
    }

    /** Another version, in the image of that version. */
    public SpecSketch version(String number) {
        version = number;
        image = DEFAULTS.image().replace(DEFAULTS.version(), number);
        return this;
    }

    public SpecSketch image(String reference) {
        image = reference;
        return this;
    }

    public SpecSketch voters(int number) {
        voters = number;
        return this;
    }

    public SpecSketch observers(int number) {
        observers = number;
        return this;
    }

    public SpecSketch config(Map<String, String> settings) {
        config = settings;
        return this;
    }

    public SpecSketch heap(String size) {
        jvm = new Jvm(size, DEFAULTS.jvm().options());
        return this;
    }

    public SpecSketch storageSize(String size) {
        storageSize = size;
        return this;
    }

    public SpecSketch deletionPolicy(DeletionPolicy policy) {
        deletionPolicy = policy;
        return this;
    }

    public SpecSketch allowDowngrade(boolean allowed) {
        allow = new Allow(false, false, allowed);
        return this;
    }

    public SpecSketch passwordRotation(int number) {
        credentials = new Credentials(number);
        return this;
    }

    public SpecSketch paused(boolean whether) {
        paused = whether;
        return this;
    }

    public SpecSketch settle(Duration time) {
        settle = time;
        return this;
    }

    public SpecSketch progressDeadline(Duration time) {
        progressDeadline = time;
        return this;
    }

    public SpecSketch soak(Duration time) {
        soak = time;
        return this;
    }

    public SpecSketch windows(List<Window> open) {
        windows = open;
        return this;
    }

    public SpecSketch approval(Approval needed) {
        approval = needed;
        return this;
    }

    public SpecSketch handOffLeader(boolean whether) {
        handOffLeader = whether;
        return this;
    }

    public EnsembleSpec build() {
        return new EnsembleSpec(
                version,
                image,
                voters,
                observers,
                config,
                jvm,
                new StorageSpec(
                        storageSize,
                        DEFAULTS.storage().storageClassName(),
                        DEFAULTS.storage().log(),
                        DEFAULTS.storage().deletionPolicy()),
                DEFAULTS.podTemplate(),
                DEFAULTS.placement(),
                DEFAULTS.budget(),
                new RolloutSpec(paused, settle, progressDeadline, soak, windows, approval, handOffLeader),
                deletionPolicy,
                allow,
                credentials);
    }
}
