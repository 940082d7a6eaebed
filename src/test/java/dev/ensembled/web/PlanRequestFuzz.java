package dev.ensembled.web;

import dev.ensembled.fuzz.FuzzCount;
import dev.ensembled.planner.EnsembleForecast;
import dev.ensembled.planner.PlanRequest;
import dev.ensembled.planner.PlannedSource;
import dev.ensembled.planner.Planner;
import dev.ensembled.reconciler.accept.Origin;
import dev.ensembled.reconciler.accept.SourceContext;
import dev.ensembled.reconciler.commitplan.CommitPlan;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.forecast.DryRun;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.read.SpecReader;
import dev.ensembled.stub.StubPlatform;
import dev.ensembled.stub.StubStore;
import jakarta.ws.rs.WebApplicationException;
import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Bodies of plan requests. A body gives a plan, or the documented error of a bad request. */
public final class PlanRequestFuzz {
    private static final int BAD_REQUEST = 400;
    private static final StubStore STORE = new StubStore();
    private static final Planner PLANNER = new Planner(
            STORE,
            new EnsembleForecast(STORE, new StubPlatform(), new Unreachable(), Clock.systemUTC()),
            List.of(new PlannedSource(
                    new Origin("https://git.example.org/config?ref=main", "here"),
                    new SpecReader("default", Set.of()),
                    "",
                    () -> SourceContext.NONE)));

    private PlanRequestFuzz() {}

    /** The plan of each ensemble then says that the ensemble could not be observed. */
    private static final class Unreachable implements DryRun {
        @Override
        public Revision wantedRevision(Desired desired) {
            throw new RetryLaterException("no answer from the API server", null);
        }

        @Override
        public Outcome evict(EnsembleId ensemble, Instance instance) {
            throw new RetryLaterException("no answer from the API server", null);
        }
    }

    public static void fuzzerTestOneInput(byte[] body) {
        try {
            PlanRequest request = PlanResource.parsed(new ByteArrayInputStream(body));
            CommitPlan plan = PLANNER.plan(request, namespace -> true);
            Objects.requireNonNull(plan, "plan");
            FuzzCount.accepted();
        } catch (WebApplicationException e) {
            if (e.getResponse().getStatus() != BAD_REQUEST) {
                throw e;
            }
            FuzzCount.refused();
        } catch (Planner.RequestTooLargeException | Planner.UnknownSourceException e) {
            FuzzCount.refused();
        }
    }

    public static void fuzzerTearDown() {
        FuzzCount.print();
        PLANNER.close();
    }
}
