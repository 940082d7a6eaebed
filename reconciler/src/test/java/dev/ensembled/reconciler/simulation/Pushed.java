package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.SpecSketch;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Approval;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Window;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What people have pushed: the parts of the spec that histories change. */
record Pushed(Template template, int voters, int observers, int gib, Holds holds) {
    static final Duration SETTLE = Duration.ofSeconds(2);
    static final Duration SOAK = Duration.ofSeconds(9);
    static final Duration PROGRESS_DEADLINE = Duration.ofSeconds(60);
    static final int WINDOW_EVERY_MINUTES = 5;
    static final int WINDOW_MINUTES = 2;
    private static final List<Window> WINDOWS =
            List.of(new Window("*/" + WINDOW_EVERY_MINUTES + " * * * *", Duration.ofMinutes(WINDOW_MINUTES), "UTC"));

    /** What holds a roll by the wish of people, and how the leader leaves. */
    record Holds(boolean paused, boolean windows, Approval approval, boolean handOff) {}

    static Pushed first(int voters, int observers) {
        return new Pushed(
                new Template("3.9.4", "zookeeper:1", "first", "1Gi", 0),
                voters,
                observers,
                10,
                new Holds(false, false, Approval.None, false));
    }

    Pushed with(Template other) {
        return new Pushed(other, voters, observers, gib, holds);
    }

    Pushed with(Holds other) {
        return new Pushed(template, voters, observers, gib, other);
    }

    Pushed version(String version) {
        return with(new Template(version, template.image(), template.config(), template.heap(), template.password()));
    }

    Pushed image(String image) {
        return with(new Template(template.version(), image, template.config(), template.heap(), template.password()));
    }

    Pushed config(String config) {
        return with(new Template(template.version(), template.image(), config, template.heap(), template.password()));
    }

    Pushed heap(String heap) {
        return with(new Template(template.version(), template.image(), template.config(), heap, template.password()));
    }

    Pushed password(int password) {
        return with(new Template(template.version(), template.image(), template.config(), template.heap(), password));
    }

    Pushed servers(int otherVoters, int otherObservers) {
        return new Pushed(template, otherVoters, otherObservers, gib, holds);
    }

    Pushed larger() {
        return new Pushed(template, voters, observers, gib + 10, holds);
    }

    long bytes() {
        return gib * Disk.GIB;
    }

    EnsembleSpec spec() {
        return SpecSketch.of(voters)
                .version(template.version())
                .image(template.image())
                .observers(observers)
                .config(Map.of("tuning", template.config(), "admin.enableServer", "true"))
                .heap(template.heap())
                .storageSize(gib + "Gi")
                .paused(holds.paused())
                .settle(SETTLE)
                .progressDeadline(PROGRESS_DEADLINE)
                .soak(SOAK)
                .windows(holds.windows() ? WINDOWS : List.of())
                .approval(holds.approval())
                .handOffLeader(holds.handOff())
                .passwordRotation(template.password())
                .build();
    }
}
