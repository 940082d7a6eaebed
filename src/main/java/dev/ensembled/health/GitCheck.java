package dev.ensembled.health;

import dev.ensembled.daemon.Daemon;
import dev.ensembled.git.GitState;
import dev.ensembled.reconciler.spec.model.SafeText;
import io.smallrye.health.api.Wellness;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/** Checks for each source whether the last fetch succeeded, the store accepted the commit, and every file in it is valid. */
@Wellness
public class GitCheck implements HealthCheck {
    private static final int SHOWN = 20;

    private final Daemon daemon;

    GitCheck(Daemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("git source");
        Map<String, GitState> sources = daemon.sources();
        if (!daemon.leads() && daemon.leader().isPresent()) {
            return response.up()
                    .withData("what", "this replica follows; " + daemon.leader().get() + " leads and reads Git")
                    .build();
        }
        if (sources.isEmpty()) {
            return response.up().withData("what", "no Git source is configured").build();
        }
        boolean all = true;
        for (Map.Entry<String, GitState> source : sources.entrySet()) {
            all &= check(new Report(response, sources.size() == 1 ? "" : source.getKey() + "."), source.getValue());
        }
        return response.status(all).build();
    }

    /** Adds data of one source; if there are several, their names distinguish the keys. */
    private record Report(HealthCheckResponseBuilder response, String prefix) {
        Report withData(String key, String value) {
            response.withData(prefix + key, value);
            return this;
        }
    }

    /** Adds what is in the repository and not in force, without being an error. */
    private static void information(Report response, GitState git) {
        List<String> unsynced = git.unsyncedEnsembles();
        for (int i = 0; i < Math.min(unsynced.size(), SHOWN); i++) {
            response.withData("ensemble-" + (i + 1), SafeText.of(unsynced.get(i)));
        }
        for (int i = 0; i < Math.min(git.notes().size(), SHOWN); i++) {
            response.withData("note-" + (i + 1), SafeText.of(git.notes().get(i)));
        }
        if (git.notes().size() > SHOWN) {
            response.withData("notes", Integer.toString(git.notes().size()));
        }
    }

    private static boolean check(Report response, GitState git) {
        response.withData("url", git.url())
                .withData(git.reference().kind(), git.reference().name());
        git.commit().ifPresent(commit -> response.withData("commit", commit.id()));
        git.lastSuccess().ifPresent(at -> response.withData("last-success", at.toString()));
        git.fetchFailure().or(git::storeFailure).ifPresent(failure -> response.withData("what", failure.what())
                .withData("since", failure.since().toString())
                .withData("do", failure.toDo()));
        violations(response, git);
        information(response, git);
        boolean failed = git.fetchFailure().or(git::storeFailure).isPresent();
        return !failed && git.violations().isEmpty();
    }

    /** Adds only the first violations, because any client may read this endpoint, and often. */
    private static void violations(Report response, GitState git) {
        int all = git.violations().size();
        for (int i = 0; i < Math.min(all, SHOWN); i++) {
            response.withData("violation-" + (i + 1), git.violations().get(i).toString());
        }
        if (all > SHOWN) {
            long files =
                    git.files().stream().filter(file -> file.violations() > 0).count();
            response.withData(
                    "more-violations",
                    (all - SHOWN) + " more; " + files
                            + " files have violations: run \"ensembled validate\" to list all");
        }
    }
}
