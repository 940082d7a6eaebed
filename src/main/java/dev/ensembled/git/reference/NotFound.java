package dev.ensembled.git.reference;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Why a repository has no commit for a reference.
 *
 * @param what what is missing, without the repository
 * @param detail what the repository has instead, to follow the name of the repository; may be empty
 * @param toDo what a person can do about it
 */
public record NotFound(String what, String detail, String toDo) {
    private static final int SHOWN = 10;

    /** The first names, and how many more there are. */
    static String some(List<String> names) {
        String rest = names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "";
        return names.stream().limit(SHOWN).collect(Collectors.joining(", ")) + rest;
    }
}
