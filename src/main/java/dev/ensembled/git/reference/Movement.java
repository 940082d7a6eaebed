package dev.ensembled.git.reference;

import java.util.List;
import java.util.Optional;

/**
 * What a change from the last accepted commit to another commit means for the reference.
 *
 * @param mustDescend whether the commit must be a descendant of the last accepted commit
 * @param backwards why this is a step back; empty if it is none
 * @param notes what people should know about the change
 */
public record Movement(boolean mustDescend, Optional<String> backwards, List<String> notes) {
    public Movement {
        notes = List.copyOf(notes);
    }

    static Movement forward(List<String> notes) {
        return new Movement(false, Optional.empty(), notes);
    }

    static Movement ofHistory() {
        return new Movement(true, Optional.empty(), List.of());
    }

    static Movement back(String why) {
        return new Movement(false, Optional.of(why), List.of());
    }

    static String moved(String tag, String from, Tip to) {
        return "Tag \"" + tag + "\" was moved from commit " + from + " to commit "
                + to.commit().name();
    }
}
