package dev.ensembled.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.web.page.Overview.Query;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OverviewTest {
    private static final Query ALL = Query.of(null, null, null);

    private static EnsembleRow row(String name, EnsembleState state, String reason) {
        return new EnsembleRow(
                new EnsembleId("streaming", name), state, "", reason, "", "3.9.5", "4fc6ba8abd1234", 3, 3, "2");
    }

    private static Overview overview(Query query, EnsembleRow... rows) {
        return Overview.of(query, List.of(rows), List.of(), List.of());
    }

    private static List<String> names(Overview overview) {
        return overview.rows().stream().map(row -> row.id().name()).toList();
    }

    @Test
    void whatNeedsAPersonComesFirst() {
        Overview shown = overview(
                ALL,
                row("a", EnsembleState.SETTLED, ""),
                row("b", EnsembleState.ROLLING, "restart member 1"),
                row("c", EnsembleState.STALLED, "member-crashing"),
                row("d", EnsembleState.HELD, "approval"),
                row("e", EnsembleState.FAILING, "timeout"),
                row("f", EnsembleState.WAITING, "budget"),
                row("g", EnsembleState.STALLED, "member-image"));

        assertThat(names(shown)).containsExactly("c", "g", "d", "e", "f", "b", "a");
        assertThat(shown.headline()).isEqualTo("3 of 7 ensembles need a person");
        assertThat(shown.counts())
                .extracting(count -> count.number() + " " + count.state())
                .containsExactly("2 Stalled", "1 Held", "1 Failing", "1 Waiting", "1 Rolling", "1 Settled");
    }

    @Test
    void filterFindsTextInWhateverCaseAndStates() {
        EnsembleRow[] rows = {
            row("kafka", EnsembleState.SETTLED, ""),
            row("solr", EnsembleState.WAITING, "the budget of kafka allows no disruption"),
            row("hbase", EnsembleState.SETTLED, "")
        };

        assertThat(names(overview(Query.of(" KAFKA ", null, null), rows))).containsExactly("solr", "kafka");
        assertThat(names(overview(Query.of("kafka", "settled", null), rows))).containsExactly("kafka");
        assertThat(names(overview(Query.of("4fc6ba8abd1", "", null), rows))).hasSize(3);
        assertThat(names(overview(Query.of(null, "no-such-state", null), rows))).hasSize(3);
        assertThat(overview(Query.of("nothing", null, null), rows).total()).isEqualTo(3);
    }

    @Test
    void aThousandEnsemblesAreShownInPartsWhoseFirstHasTheMostUrgent() {
        EnsembleRow[] rows = IntStream.range(0, 1000)
                .mapToObj(number -> row(
                        "e%03d".formatted(number), number == 999 ? EnsembleState.STALLED : EnsembleState.SETTLED, ""))
                .toArray(EnsembleRow[]::new);

        Overview first = overview(ALL, rows);
        Overview last = overview(Query.of("e", null, "99"), rows);

        assertThat(names(first)).hasSize(Overview.ROWS).startsWith("e999", "e000");
        assertThat(first.previous()).isEmpty();
        assertThat(first.next()).isEqualTo("?q=&state=&page=2");
        assertThat(names(last)).endsWith("e998");
        assertThat(last.page()).isEqualTo(10);
        assertThat(last.previous()).isEqualTo("?q=e&state=&page=9");
        assertThat(last.next()).isEmpty();
    }

    @Test
    void queriesOfAnyAddressAreTaken() {
        assertThat(Query.of("x".repeat(1000), "SETTLED", "-3")).isEqualTo(new Query("x".repeat(200), "", 1));
        assertThat(Query.of("", "held", "999999999999")).isEqualTo(new Query("", "held", 1));
    }
}
