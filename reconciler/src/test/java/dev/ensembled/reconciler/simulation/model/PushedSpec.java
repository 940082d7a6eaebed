package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.SpecSketch;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.DeletionPolicy;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Approval;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Window;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The pushed spec: the parts that histories change. */
public record PushedSpec(ModelTemplate template, int voters, int observers, int gib, RolloutControls controls) {
    public static final Duration SETTLE = Duration.ofSeconds(2);
    public static final Duration SOAK = Duration.ofSeconds(9);
    public static final Duration PROGRESS_DEADLINE = Duration.ofSeconds(60);
    public static final int WINDOW_EVERY_MINUTES = 5;
    public static final int WINDOW_MINUTES = 2;
    private static final List<Window> WINDOWS =
            List.of(new Window("*/" + WINDOW_EVERY_MINUTES + " * * * *", Duration.ofMinutes(WINDOW_MINUTES), "UTC"));

    /** The settings of the rollout that histories change. */
    public record RolloutControls(boolean paused, boolean windows, Approval approval, boolean handOff) {}

    public static PushedSpec first(int voters, int observers) {
        return new PushedSpec(
                new ModelTemplate("3.9.4", "zookeeper:1", "first", "1Gi", 0),
                voters,
                observers,
                10,
                new RolloutControls(false, false, Approval.None, false));
    }

    PushedSpec with(ModelTemplate other) {
        return new PushedSpec(other, voters, observers, gib, controls);
    }

    PushedSpec with(RolloutControls other) {
        return new PushedSpec(template, voters, observers, gib, other);
    }

    PushedSpec version(String version) {
        return with(
                new ModelTemplate(version, template.image(), template.config(), template.heap(), template.password()));
    }

    PushedSpec image(String image) {
        return with(
                new ModelTemplate(template.version(), image, template.config(), template.heap(), template.password()));
    }

    PushedSpec config(String config) {
        return with(
                new ModelTemplate(template.version(), template.image(), config, template.heap(), template.password()));
    }

    PushedSpec heap(String heap) {
        return with(
                new ModelTemplate(template.version(), template.image(), template.config(), heap, template.password()));
    }

    PushedSpec password(int password) {
        return with(
                new ModelTemplate(template.version(), template.image(), template.config(), template.heap(), password));
    }

    PushedSpec servers(int otherVoters, int otherObservers) {
        return new PushedSpec(template, otherVoters, otherObservers, gib, controls);
    }

    PushedSpec larger() {
        return new PushedSpec(template, voters, observers, gib + 10, controls);
    }

    public long bytes() {
        return gib * Disk.GIB;
    }

    EnsembleSpec spec() {
        return spec(DeletionPolicy.Orphan);
    }

    EnsembleSpec spec(DeletionPolicy deletionPolicy) {
        return SpecSketch.of(voters)
                .version(template.version())
                .image(template.image())
                .observers(observers)
                .config(Map.of("tuning", template.config(), "admin.enableServer", "true"))
                .heap(template.heap())
                .storageSize(gib + "Gi")
                .paused(controls.paused())
                .settle(SETTLE)
                .progressDeadline(PROGRESS_DEADLINE)
                .soak(SOAK)
                .windows(controls.windows() ? WINDOWS : List.of())
                .approval(controls.approval())
                .handOffLeader(controls.handOff())
                .deletionPolicy(deletionPolicy)
                .passwordRotation(template.password())
                .build();
    }
}
