package dev.ensembled.cli.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A table in the form of {@code kubectl}: columns are as wide as their longest value, and separated by three spaces. */
public final class Table {
    private static final String GAP = "   ";

    private final List<Row> rows = new ArrayList<>();
    private final int columns;

    /** A row; the paint is applied to the padded line, so that it does not change the width of a column. */
    private record Row(List<String> cells, UnaryOperator<String> paint) {}

    /** Creates a table with these headings. */
    public Table(String... headings) {
        columns = headings.length;
        rows.add(new Row(List.of(headings), UnaryOperator.identity()));
    }

    /** Adds a row, which is printed through {@code paint}. */
    public Table add(UnaryOperator<String> paint, String... cells) {
        if (cells.length != columns) {
            throw new IllegalArgumentException("expected " + columns + " cells, not " + cells.length);
        }
        rows.add(new Row(List.of(cells), paint));
        return this;
    }

    /** Returns the lines, without spaces at their ends. */
    public List<String> lines() {
        int[] widths = new int[columns];
        for (Row row : rows) {
            for (int column = 0; column < columns; column++) {
                widths[column] = Math.max(widths[column], length(row.cells().get(column)));
            }
        }
        return rows.stream()
                .map(row -> row.paint().apply(line(row.cells(), widths)))
                .toList();
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            line.append(column == 0 ? "" : GAP).append(cell).append(" ".repeat(widths[column] - length(cell)));
        }
        return line.toString().stripTrailing();
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
