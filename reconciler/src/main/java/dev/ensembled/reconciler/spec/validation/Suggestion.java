package dev.ensembled.reconciler.spec.validation;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses the name that was meant by an unknown one. */
public final class Suggestion {
    /** Longer words are not typos of a name, and comparing them would take long. */
    private static final int MAX_WORD_LENGTH = 80;

    private record Candidate(String name, int distance) {}

    private Suggestion() {}

    /** The known name that differs by only a few keystrokes; upper and lower case count as the same keystroke. */
    public static Optional<String> closest(String word, Collection<String> known) {
        if (word.length() > MAX_WORD_LENGTH) {
            return Optional.empty();
        }
        return known.stream()
                .filter(name -> Math.abs(name.length() - word.length()) <= allowed(word, name))
                .map(name -> new Candidate(name, distance(word, name)))
                .filter(candidate -> candidate.distance() <= allowed(word, candidate.name()))
                .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .map(Candidate::name);
    }

    /** A sentence to append, or nothing. */
    public static String didYouMean(String word, Collection<String> known) {
        return closest(word, known).map(name -> ": did you mean " + name + "?").orElse("");
    }

    private static int allowed(String word, String name) {
        return Math.min(2, Math.max(word.length(), name.length()) / 3);
    }

    /** The number of insertions, deletions, replacements and swaps of neighbors (optimal string alignment). */
    private static int distance(String from, String to) {
        String a = from.toLowerCase(Locale.ROOT);
        String b = to.toLowerCase(Locale.ROOT);
        int[] beforePrevious = new int[b.length() + 1];
        int[] previous = new int[b.length() + 1];
        Arrays.setAll(previous, column -> column);
        for (int row = 1; row <= a.length(); row++) {
            int[] current = new int[b.length() + 1];
            current[0] = row;
            for (int column = 1; column <= b.length(); column++) {
                int replaced = previous[column - 1] + (a.charAt(row - 1) == b.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replaced, Math.min(previous[column], current[column - 1]) + 1);
                if (swapped(a, row, b, column)) {
                    current[column] = Math.min(current[column], beforePrevious[column - 2] + 1);
                }
            }
            beforePrevious = previous;
            previous = current;
        }
        return previous[b.length()];
    }

    private static boolean swapped(String a, int row, String b, int column) {
        return row > 1
                && column > 1
                && a.charAt(row - 1) == b.charAt(column - 2)
                && a.charAt(row - 2) == b.charAt(column - 1);
    }
}
