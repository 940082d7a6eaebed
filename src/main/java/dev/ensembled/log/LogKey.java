package dev.ensembled.log;

import java.util.Locale;

/**
 * The keys of the log, as docs/log.md explains them. A key has the same meaning in each line. {@link #ENSEMBLE} and
 * {@link #COMMIT} relate the lines of one rollout to each other.
 */
public enum LogKey {
    /** The ensemble, as namespace/name. */
    ENSEMBLE,
    /** The full id of a commit. */
    COMMIT,
    /** The name of a source. */
    SOURCE,
    /** The kind of a step in one word. */
    STEP,
    /** What is done or changed, for people. */
    WHAT,
    /** The id of a member. */
    MEMBER,
    ROLE,
    /** Why a member is restarted; several are separated by commas. */
    REASONS,
    /** Why, for people. */
    REASON,
    OUTCOME,
    /** The name of a gate. */
    GATE,
    /** The name of the gate that was closed before. */
    BEFORE,
    /** Who opens a gate: servers, controllers or people. */
    OPENS,
    /** The class of what does not go on: retry, wait or stalled. */
    CLASS,
    /** What a person can do. */
    TODO,
    /** Where the documentation explains it. */
    DOCS,
    /** A duration in milliseconds. */
    MS,
    RESTARTS,
    LEADER_CHANGES,
    MEMBERS,
    CHANGE,
    PATH,
    FILE,
    FILES,
    VIOLATIONS,
    SIGNER,
    URL,
    DIRECTORY,
    EXTENT,
    OBJECT,
    KIND,
    NAME,
    POD,
    REVISION,
    REPLICAS,
    ROTATION,
    EVENT,
    PORT,
    PROVIDER,
    HINT,
    PLACE,
    NUMBER,
    RECEIVER,
    /** The replica that leads. */
    LEADER;

    /** The key as it is written, in camelCase. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (String word : name().toLowerCase(Locale.ROOT).split("_", -1)) {
            text.append(text.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return text.toString();
    }
}
