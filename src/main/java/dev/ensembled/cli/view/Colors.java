package dev.ensembled.cli.view;

import dev.ensembled.cli.text.Paint;
import dev.ensembled.summary.Summary;
import java.util.function.UnaryOperator;

/** The color of a state: green if nothing is to be done, yellow while it waits, red if a person must act. */
final class Colors {
    private Colors() {}

    static UnaryOperator<String> of(Summary.State state, Paint paint) {
        return switch (state) {
            case SETTLED -> paint::green;
            case STALLED -> paint::red;
            case HELD, WAITING -> paint::yellow;
            case ROLLING, PENDING -> UnaryOperator.identity();
        };
    }
}
