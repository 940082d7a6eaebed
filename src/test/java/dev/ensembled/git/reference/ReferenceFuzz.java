package dev.ensembled.git.reference;

import dev.ensembled.fuzz.FuzzCount;
import dev.ensembled.git.settings.RemoteUrl;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;

/**
 * The name of a reference, and the refs of a server, each in its line. A name is accepted or refused as documented; what is
 * followed is one of the refs, and the same ref is no step back from itself.
 */
public final class ReferenceFuzz {
    private static final ObjectId COMMIT = ObjectId.fromString("1234567890123456789012345678901234567890");

    private ReferenceFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        List<String> lines = new String(input, StandardCharsets.UTF_8).lines().toList();
        String name = lines.isEmpty() ? "" : lines.get(0);
        List<Ref> refs = lines.stream()
                .skip(1)
                .flatMap(line -> Stream.of(Constants.R_TAGS + line, Constants.R_HEADS + line, line))
                .map(ref -> (Ref) new ObjectIdRef.PeeledNonTag(Ref.Storage.NETWORK, ref, COMMIT))
                .toList();
        boolean accepted = false;
        for (Function<String, Reference> kind :
                List.<Function<String, Reference>>of(Branch::new, Tag::new, VersionRange::new, FixedCommit::new)) {
            Optional<Reference> reference = reference(kind, name);
            reference.ifPresent(one -> check(one, kind, refs));
            accepted |= reference.isPresent();
        }
        url(name);
        if (accepted) {
            FuzzCount.accepted();
        } else {
            FuzzCount.refused();
        }
    }

    private static Optional<Reference> reference(Function<String, Reference> kind, String name) {
        try {
            return Optional.of(kind.apply(name));
        } catch (IllegalArgumentException e) {
            require(!e.getMessage().isBlank(), "expected a reason");
            return Optional.empty();
        }
    }

    private static void check(Reference reference, Function<String, Reference> kind, List<Ref> refs) {
        require(kind.apply(reference.name()).equals(reference), "another reference by the same name: " + reference);
        reference.movesWith("refs/heads/main");
        reference.notFound(refs.stream().map(Ref::getName).toList());
        Optional<Tip> tip = reference.find(refs);
        tip.ifPresent(found -> {
            require(
                    reference.fixed().isPresent()
                            || refs.stream().anyMatch(ref -> ref.getName().equals(found.ref())),
                    "not one of the refs: " + found);
            require(
                    reference
                            .movement(COMMIT.name(), found.tag(), found)
                            .backwards()
                            .isEmpty(),
                    "a step back to itself: " + found);
            reference.notes(found);
        });
    }

    private static void url(String text) {
        try {

            String shown = RemoteUrl.of(text).toString();
            require(RemoteUrl.of(shown).toString().equals(shown), "another repository by the same URL: " + shown);
        } catch (IllegalArgumentException e) {
            require(!e.getMessage().isBlank(), "expected a reason");
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    public static void fuzzerTearDown() {
        FuzzCount.print();
    }
}
