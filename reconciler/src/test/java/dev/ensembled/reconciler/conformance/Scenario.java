package dev.ensembled.reconciler.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One scenario of {@code zookeeper-conformance.csv}, which explains its columns. */
public record Scenario(String name, List<Row> rows) {
    private static final Path TABLE = Path.of("../reconciler/src/test/resources/zookeeper-conformance.csv");
    private static final int COLUMNS = 9;

    /** One row: actions, and what is expected after them. An empty cell is not checked. */
    public record Row(
            List<String> actions,
            String answer,
            List<String> servers,
            String members,
            String version,
            String epoch,
            String counted) {

        /** Whether some servers run and do not serve, which has to last. */
        boolean hasToLast() {
            return servers.stream().anyMatch(each -> each.contains("not-serving"));
        }

        @Override
        public String toString() {
            return String.join("; ", actions);
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /** Reads all scenarios. */
    public static List<Scenario> all() throws IOException {
        List<Scenario> all = new ArrayList<>();
        for (String line : Files.readAllLines(TABLE)) {
            if (line.startsWith("#")) {
                continue;
            }
            List<String> cells =
                    Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
            if (cells.size() != COLUMNS) {
                throw new IllegalArgumentException(COLUMNS + " columns are expected: " + line);
            }
            if (!cells.get(0).isEmpty()) {
                all.add(new Scenario(cells.get(0), new ArrayList<>()));
            }
            all.get(all.size() - 1).rows.add(row(cells));
        }
        return all;
    }

    private static Row row(List<String> cells) {
        return new Row(
                parts(cells.get(1)),
                cells.get(2),
                parts(cells.get(3)),
                cells.get(4),
                cells.get(5),
                cells.get(6),
                cells.get(7));
    }

    private static List<String> parts(String cell) {
        return cell.isEmpty() ? List.of() : List.of(cell.split("; *"));
    }
}
