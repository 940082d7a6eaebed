package dev.ensembled.summary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.rollout.Gate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each gate has an entry in {@code docs/stalled.md} that a person understands without the page. */
class GateHelpTest {
    @ParameterizedTest
    @EnumSource(Gate.class)
    void eachGateSaysWhenItOpensOrWhatToDo(Gate gate) {
        GateHelp help = GateHelp.of(gate);

        assertThat(help.opensWhen().isPresent() || help.whatToDo().isPresent()).isTrue();
        assertThat(help.opensWhen().orElse("-") + help.whatToDo().orElse("-"))
                .isNotBlank()
                .doesNotContain("**", "](", "`", "\n", "####");
    }
}
