package dev.ensembled.reconciler.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.conformance.EnsembleUnderTest.Answer;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Server.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One run of a scenario: takes the actions of each row, then waits until the servers are as the row expects. */
public final class ScenarioRun {
    private static final String AT_AN_OLDER_VERSION = "at an older version";
    private final EnsembleUnderTest ensemble;
    private final Names names = new Names();
    private final Set<Integer> ids = new TreeSet<>();
    private Membership committed = Membership.ofMajority(0, Set.of(), Set.of());
    private long epoch;
    private int leader;

    public ScenarioRun(EnsembleUnderTest ensemble) {
        this.ensemble = ensemble;
    }

    public void run(Scenario scenario) {
        for (Scenario.Row row : scenario.rows()) {
            for (String action : row.actions()) {
                act(action, row);
            }
            awaitExpected(row);
        }
    }

    private void awaitExpected(Scenario.Row row) {
        List<String> differences = new ArrayList<>();
        boolean reached = ensemble.await(() -> {
            differences.clear();
            differences.addAll(differences(row));
            return differences.isEmpty();
        });
        assertThat(reached).as("after %s: %s", row, differences).isTrue();
        if (row.hasToLast()) {
            boolean lasts = ensemble.lasts(() -> differences(row).isEmpty());
            assertThat(lasts).as("lasts after %s", row).isTrue();
        }
        Observation last = probe();
        last.committed().ifPresent(reported -> committed = reported);
        last.ids(Role.LEADER).forEach(id -> leader = id);
        last.leader().ifPresent(reported -> epoch = reported.zxid() >>> 32);
    }

    private List<String> differences(Scenario.Row row) {
        row.servers().forEach(servers -> ids.addAll(names.ids(servers.split(" = ", 2)[0])));
        Observation observed = probe();
        if (epoch == 0) {
            names.bind(observed);
        }
        List<String> differences = new Expectation(row, names, committed, epoch).differences(observed);
        if (differences.isEmpty()) {
            observed.serving().stream()
                    .filter(id -> !ensemble.hasEveryWrite(id))
                    .forEach(id -> differences.add("server " + id + " does not have every acknowledged write"));
        }
        return differences;
    }

    private Observation probe() {
        Map<Integer, Server> servers = new TreeMap<>();
        ids.stream().filter(id -> id > 0).forEach(id -> servers.put(id, ensemble.probe(id)));
        return new Observation(servers);
    }

    private void act(String action, Scenario.Row row) {
        String[] words = action.split(" ", 3);
        int id = names.id(words[1]);
        switch (words[0]) {
            case "bootstrap" -> {
                Membership membership = names.members(action.substring("bootstrap".length()));
                ids.addAll(membership.ids());
                ensemble.bootstrap(membership);
            }
            case "join" -> ensemble.join(id, committed);
            case "start" -> ensemble.start(id);
            case "kill" -> ensemble.kill(id);
            case "freeze" -> ensemble.freeze(id);
            case "thaw" -> ensemble.thaw(id);
            case "wipe" -> ensemble.wipe(id);
            case "write" -> write(names.id(words[2]), row);
            case "add" -> reconfigure(committed, committed.with(id, words[2].equals("as voter")), row);
            case "remove" -> {
                boolean older = words.length == 3 && words[2].equals(AT_AN_OLDER_VERSION);
                reconfigure(older ? older() : committed, committed.without(id), row);
            }
            default -> throw new IllegalArgumentException(action);
        }
    }

    private Membership older() {
        return Membership.ofMajority(committed.version() - 1, committed.voters(), committed.observers());
    }

    /** A write that is expected to be acknowledged is tried again, since a session may end with an election. */
    private void write(int via, Scenario.Row row) {
        boolean expected = row.answer().equals("acknowledged");
        boolean acknowledged = expected ? ensemble.await(() -> ensemble.write(via)) : ensemble.write(via);
        assertThat(acknowledged).as("acknowledged: %s", row).isEqualTo(expected);
    }

    private void reconfigure(Membership from, Membership to, Scenario.Row row) {
        Answer answer = ensemble.reconfigure(leader, from, to);
        assertThat(answer).as("answer to: %s", row).hasToString(row.answer());
    }
}
