package dev.ensembled.reconciler.spec;

import java.util.List;
import java.util.Set;

/** Parses and validates the files of one commit. */
public final class SpecReader {
    private final String defaultNamespace;
    private final Set<String> allowedNamespaces;

    /**
     * A reader.
     *
     * @param defaultNamespace for documents that name none
     * @param allowedNamespaces where ensembles may be; empty for anywhere
     */
    public SpecReader(String defaultNamespace, Set<String> allowedNamespaces) {
        this.defaultNamespace = defaultNamespace;
        this.allowedNamespaces = Set.copyOf(allowedNamespaces);
    }

    /** Reads all files; never throws for what stands in them. */
    public Parsed read(List<SourceFile> files) {
        return new Parsed(
                List.of(), List.of(), Set.of(), Set.of(), List.of(defaultNamespace + allowedNamespaces + files));
    }
}
