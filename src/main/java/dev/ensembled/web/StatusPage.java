package dev.ensembled.web;

import dev.ensembled.daemon.Daemon;
import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.git.GitState;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.SafeText;
import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The state of every ensemble: a page for people, and the same data as JSON. */
@Path("/")
public class StatusPage {
    private final Daemon daemon;
    private final Template page;

    StatusPage(Daemon daemon, @Location("status.html") Template page) {
        this.daemon = daemon;
        this.page = page;
    }

    /**
     * One ensemble.
     *
     * @param failure why it cannot be observed; null if it can
     * @param status null before the first observation
     */
    public record Entry(EnsembleId id, String failure, EnsembleStatus status) {

        static Entry of(Map.Entry<EnsembleId, ReconcileResult> latest) {
            return new Entry(
                    latest.getKey(),
                    latest.getValue().failure().orElse(null),
                    latest.getValue().result().map(result -> result.status()).orElse(null));
        }

        /** Returns the message of the Ready condition, for the page. */
        public String summary() {
            return Optional.ofNullable(status)
                    .flatMap(s -> s.conditions().stream().findFirst())
                    .map(ready -> ready.reason() + ": " + ready.message())
                    .orElse("not observed yet");
        }

        /** Returns why the ensemble does not follow its file; empty if it does. */
        public String source() {
            return Optional.ofNullable(status)
                    .flatMap(s -> Optional.ofNullable(s.source()))
                    .filter(source -> source.message() != null)
                    .map(source -> SafeText.of(source.state() + ": " + source.message()))
                    .orElse("");
        }
    }

    /** A Git source, for the page. */
    public record GitLine(
            String title,
            String url,
            String kind,
            String name,
            String summary,
            List<String> unsynced,
            List<String> notes) {
        private static final int MAX_NOTES = 50;

        static GitLine of(String title, GitState git) {
            String commit = git.commit()
                    .map(c -> c.id().substring(0, 10) + " " + c.message()
                            + c.signer().map(by -> ", signed by " + by).orElse(""))
                    .orElse("no commit yet");
            String failure = git.fetchFailure()
                    .or(git::storeFailure)
                    .map(f -> "; since " + f.since() + ": " + f.what() + ". " + f.toDo())
                    .orElse("");
            String violations =
                    git.violations().isEmpty() ? "" : "; " + git.violations().size() + " violations";
            List<String> notes =
                    git.notes().stream().limit(MAX_NOTES).map(SafeText::of).toList();
            return new GitLine(
                    title,
                    git.url(),
                    git.reference().kind(),
                    SafeText.of(git.reference().name()),
                    SafeText.of(commit + failure + violations),
                    git.unsyncedEnsembles(),
                    notes);
        }
    }

    /** Returns the page, which reloads itself every two seconds. */
    @GET
    @Produces(MediaType.TEXT_HTML)
    public String html() {
        return page.data("ensembles", ensembles()).data("sources", sources()).render();
    }

    private List<GitLine> sources() {
        Map<String, GitState> sources = daemon.sources();
        return sources.entrySet().stream()
                .map(source ->
                        GitLine.of(sources.size() == 1 ? "Git" : "Git source " + source.getKey(), source.getValue()))
                .toList();
    }

    /** Returns the status of every ensemble, as in its resource. */
    @GET
    @Path("/api/ensembles")
    @Produces(MediaType.APPLICATION_JSON)
    public List<Entry> ensembles() {
        return daemon.latestResults().entrySet().stream().map(Entry::of).toList();
    }
}
