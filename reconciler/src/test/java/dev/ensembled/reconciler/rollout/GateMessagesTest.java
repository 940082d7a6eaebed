package dev.ensembled.reconciler.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.Golden;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** All messages of all gates as the status shows them, in one document to review. */
class GateMessagesTest {
    private static final String INTRODUCTION =
            """
            Messages of the gates

            For each gate, in the order of Gate: what it waits for, and situations in which it is closed,
            with the message of status.rollout. "stalls": a person must act. If the status shows another
            gate, the message begins with its name in brackets. Written by GateMessagesTest with
            -Dgolden.update=true.
            """;
    private static final int WIDTH = 98;
    private static final String INDENT = "    ";

    private static final List<ClosedGate> SITUATIONS = Stream.of(
                    SpecMessages.all(),
                    HealthMessages.all(),
                    UnavailableMessages.all(),
                    LossMessages.all(),
                    MembershipMessages.all(),
                    DisruptionMessages.all(),
                    ReplacementMessages.all(),
                    PlatformMessages.all())
            .flatMap(List::stream)
            .toList();

    @Test
    void messagesOfAllGatesAreReviewed() {
        String chapters =
                Arrays.stream(Gate.values()).map(GateMessagesTest::chapter).collect(Collectors.joining());

        Golden.verify("reconciler/src/test/resources/golden/gate-messages.txt", INTRODUCTION + chapters);
    }

    private static String chapter(Gate gate) {
        List<ClosedGate> situations = SITUATIONS.stream()
                .filter(situation -> situation.gate().equals(gate.toString()))
                .toList();
        assertThat(situations).as("situations in which " + gate + " is closed").isNotEmpty();
        return "\n\n" + gate + " (waits for " + gate.waitsFor().name().toLowerCase(Locale.ROOT) + ")\n"
                + situations.stream().map(GateMessagesTest::entry).collect(Collectors.joining());
    }

    private static String entry(ClosedGate situation) {
        String other = situation.gate().equals(situation.shown().gate())
                ? ""
                : "[" + situation.shown().gate() + "] ";
        return "\n  " + situation.title() + (situation.stalls() ? " (stalls)" : "") + "\n"
                + wrapped(other + situation.shown().reason());
    }

    private static String wrapped(String message) {
        StringBuilder text = new StringBuilder();
        StringBuilder line = new StringBuilder(INDENT);
        for (String word : message.split(" ", -1)) {
            boolean first = line.length() == INDENT.length();
            if (!first && line.length() + 1 + word.length() > WIDTH) {
                text.append(line).append('\n');
                line = new StringBuilder(INDENT);
                first = true;
            }
            line.append(first ? "" : " ").append(word);
        }
        return text.append(line).append('\n').toString();
    }
}
