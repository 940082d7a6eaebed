package dev.ensembled.web.page;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the overview shows.
 *
 * @param query for ensembles whose row contains a text, or are in a state
 * @param counts of all ensembles, by state, for states in which there are any
 * @param rows one page of the matching ensembles
 * @param matches the number of all matching ensembles
 * @param page from 1
 * @param rolls what is rolled out now, at most {@value #MOST_ROLLS}
 */
public record Overview(
        Query query,
        List<Count> counts,
        List<EnsembleRow> rows,
        int total,
        int matches,
        int page,
        int pages,
        List<EnsembleView> rolls,
        List<SourceView> sources) {
    /** Far more rows are not read, and take long to send and to draw. */
    static final int ROWS = 100;

    /** More rolls at once are found by the filter. */
    public static final int MOST_ROLLS = 4;

    /**
     * What a person asks for.
     *
     * @param state the key of a state, or empty for all
     */
    public record Query(String text, String state, int page) {
        private static final int LONGEST = 200;

        /** Returns the query of an address, in which anything may be missing or wrong. */
        public static Query of(String text, String state, String page) {
            String wanted = text == null ? "" : text.strip();
            return new Query(
                    wanted.length() > LONGEST ? wanted.substring(0, LONGEST) : wanted,
                    EnsembleState.named(state == null ? "" : state)
                            .map(EnsembleState::key)
                            .orElse(""),
                    page != null && page.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(page) : 1);
        }

        boolean matches(EnsembleRow row) {
            return (state.isEmpty() || row.state().key().equals(state)) && (text.isEmpty() || row.contains(text));
        }

        /** Whether it leaves any ensemble out. */
        public boolean isFilter() {
            return !text.isEmpty() || !state.isEmpty();
        }

        /** The query of the address of another page of the same matches. */
        String address(int other) {
            return "?q=" + URLEncoder.encode(text, StandardCharsets.UTF_8) + "&state=" + state + "&page=" + other;
        }
    }

    /** How many ensembles are in a state. */
    public record Count(EnsembleState state, long number) {}

    /**
     * Returns the overview.
     *
     * @param all rows of all ensembles, in any order
     */
    public static Overview of(Query query, List<EnsembleRow> all, List<EnsembleView> rolls, List<SourceView> sources) {
        List<EnsembleRow> matching = all.stream()
                .filter(query::matches)
                .sorted(EnsembleRow.MOST_URGENT_FIRST)
                .toList();
        int pages = Math.max(1, (matching.size() + ROWS - 1) / ROWS);
        int page = Math.min(query.page(), pages);
        Map<EnsembleState, Long> numbers =
                all.stream().collect(Collectors.groupingBy(EnsembleRow::state, Collectors.counting()));
        return new Overview(
                query,
                Arrays.stream(EnsembleState.values())
                        .filter(numbers::containsKey)
                        .map(state -> new Count(state, numbers.get(state)))
                        .toList(),
                matching.subList((page - 1) * ROWS, Math.min(page * ROWS, matching.size())),
                all.size(),
                matching.size(),
                page,
                pages,
                rolls,
                sources);
    }

    /** The states to choose from. */
    public List<EnsembleState> states() {
        return List.of(EnsembleState.values());
    }

    /** What is most urgent, in one sentence, for the title and for screen readers. */
    public String headline() {
        long urgent = counts.stream()
                .filter(count -> count.state().needsPerson())
                .mapToLong(Count::number)
                .sum();
        String all = total == 1 ? "1 ensemble" : total + " ensembles";
        return urgent == 0
                ? all + ", none needs a person"
                : urgent + " of " + all + (urgent == 1 ? " needs a person" : " need a person");
    }

    /** The address of the page before; empty on the first. */
    public String previous() {
        return page > 1 ? query.address(page - 1) : "";
    }

    /** The address of the next page; empty on the last. */
    public String next() {
        return page < pages ? query.address(page + 1) : "";
    }
}
