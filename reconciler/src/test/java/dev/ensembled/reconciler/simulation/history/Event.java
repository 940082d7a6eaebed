package dev.ensembled.reconciler.simulation.history;

import dev.ensembled.reconciler.simulation.history.EventType.Category;

/**
 * One event of a history: a commit, a request of a person, or a fault.
 *
 * @param at milliseconds since the start of the history
 * @param member the affected member; for an event type with variants, the number of the variant
 * @param duration milliseconds until the fault ends; 0 if it does not end by itself
 */
public record Event(long at, EventType type, int member, long duration) {
    static final int CHOICES = 18;
    private static final int[] VOTERS = {1, 3, 3, 5, 5, 7};
    private static final String[] VERSIONS = {"3.9.5", "3.9.4", "3.8.4"};

    /** Whether the event changes the cluster without ensembled: not a commit, a request, or a fault of a call. */
    boolean isClusterFault() {
        return is(Category.MEMBER) || is(Category.CLUSTER);
    }

    public boolean is(Category category) {
        return type.category() == category;
    }

    public int voters() {
        return VOTERS[member % VOTERS.length];
    }

    public int observers() {
        return member / VOTERS.length % 3;
    }

    public String version() {
        return VERSIONS[member % VERSIONS.length];
    }

    @Override
    public String toString() {
        String text =
                switch (type) {
                    case PUSH_SCALE -> type.describe(voters(), observers());
                    case PUSH_VERSION -> type.describe(version());
                    default -> type.describe(member);
                };
        return text + (duration > 0 ? " for " + duration + " ms" : "");
    }
}
