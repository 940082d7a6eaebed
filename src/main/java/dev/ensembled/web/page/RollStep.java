package dev.ensembled.web.page;

import java.util.Locale;

/**
 * One step of a rollout, in the line of its steps.
 *
 * @param what is done, or waited for
 * @param detail of it: who was affected, how long it took, why it is waited; may be empty
 */
public record RollStep(Progress progress, String what, String detail) {

    /** How far a step is. */
    public enum Progress {
        DONE("done"),
        NOW("now"),
        /** Now, and a gate holds it until others act. */
        HELD("held"),
        NEXT("next"),
        /** The end of the rollout, which is not reached. */
        END("then");

        private final String text;

        Progress(String text) {
            this.text = text;
        }

        /** The class in the style sheet. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
