package dev.ensembled;

/** Placeholder. */
public final class Ensembled {
    private Ensembled() {}
}
