package dev.ensembled.daemon;

import dev.ensembled.leadership.Fence;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.SanityTest;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.spec.model.EnsembleId;

/** A sanity test that is not begun while the fence refuses: it writes. */
record FencedSanityTest(SanityTest test, Fence fence) implements SanityTest {
    @Override
    public Outcome writeAndReadBack(EnsembleId ensemble, HostPort writer, HostPort reader) {
        fence.check("sanity test of " + ensemble);
        return test.writeAndReadBack(ensemble, writer, reader);
    }
}
