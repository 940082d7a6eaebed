package dev.ensembled.reconciler.history;

import java.util.ArrayList;
import java.util.List;

/** Keeps a history within its limits. */
final class HistoryLimits {
    private HistoryLimits() {}

    /** Returns the newest part of a history that is within the limits. */
    static History within(History history) {
        List<RecordedCommit> kept = new ArrayList<>(history.commits());
        while (exceeded(kept)) {
            if (kept.size() > 1) {
                kept.remove(0);
            } else {
                kept.set(0, kept.get(0).withoutOldest());
            }
        }
        return new History(kept);
    }

    private static boolean exceeded(List<RecordedCommit> commits) {
        return commits.size() > History.MAX_COMMITS
                || commits.stream().mapToInt(RecordedCommit::entries).sum() > History.MAX_ENTRIES
                || HistoryText.bytes(new History(commits)) > History.MAX_BYTES;
    }
}
