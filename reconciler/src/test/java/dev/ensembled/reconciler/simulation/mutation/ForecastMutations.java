package dev.ensembled.reconciler.simulation.mutation;

import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.observed.Server.Serving;
import java.util.List;

/** Mutations of the model with which the forecast runs the rollout forward. */
final class ForecastMutations {
    private ForecastMutations() {}

    static List<Mutation> all() {
        return List.of(
                Mutation.ofForecast(
                        "a forecast that elects the voter with the lowest id", ForecastMutations::ledByLowestVoter),
                Mutation.ofForecast(
                        "a forecast that ignores reconfigurations of roles", ForecastMutations::withoutObservers));
    }

    private static Observed ledByLowestVoter(Observed observed) {
        Member leader = observed.leader().orElseThrow();
        Serving leading = leader.server().serving().orElseThrow();
        int lowest = observed.members().stream()
                .filter(Member::serves)
                .map(Member::id)
                .filter(leading.membership().voters()::contains)
                .min(Integer::compare)
                .orElseThrow();
        return observed.withMembers(observed.members().stream()
                .map(member -> member.id() == lowest
                        ? serving(member, leading)
                        : member.id() == leader.id() ? inRole(member, Role.FOLLOWER) : member)
                .toList());
    }

    private static Observed withoutObservers(Observed observed) {
        return observed.withMembers(observed.members().stream()
                .map(member -> member.server().isServingAs(Role.OBSERVER) ? inRole(member, Role.FOLLOWER) : member)
                .toList());
    }

    private static Member inRole(Member member, Role role) {
        Serving now = member.server().serving().orElseThrow();
        return serving(
                member,
                new Serving(
                        role,
                        now.zxid(),
                        now.membership(),
                        0,
                        0,
                        0,
                        now.dataBytes(),
                        now.since(),
                        now.version(),
                        now.settings()));
    }

    private static Member serving(Member member, Server server) {
        return new Member(member.id(), member.instance(), server, member.clientAddress());
    }
}
