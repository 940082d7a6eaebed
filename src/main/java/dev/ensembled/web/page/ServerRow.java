package dev.ensembled.web.page;

import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import dev.ensembled.reconciler.spec.model.SafeText;
import java.util.List;
import java.util.Optional;

/**
 * One server of an ensemble. Texts without a known value are empty.
 *
 * @param name of its pod or process
 * @param role that it reports, or its state if it does not serve
 * @param outdated whether its instance has another revision than new instances get
 * @param since when it entered this role or state, in RFC 3339
 * @param node on which it is
 * @param trouble what keeps it from serving, in the words of the server or the platform
 */
public record ServerRow(
        int id,
        String name,
        String role,
        boolean serves,
        boolean ready,
        String revision,
        boolean outdated,
        String zxid,
        String since,
        String node,
        String trouble) {

    static List<ServerRow> of(ReconcileCycle.Result result) {
        return result.status().members().stream()
                .map(status -> of(status, result))
                .toList();
    }

    private static ServerRow of(MemberStatus status, ReconcileCycle.Result result) {
        Optional<Member> member = result.observed().members().stream()
                .filter(each -> each.id() == status.id())
                .findFirst();
        Optional<Instance> instance = member.flatMap(Member::instance);
        boolean outdated = instance.isPresent()
                && result.observed()
                        .target()
                        .map(Revision::id)
                        .filter(target -> !target.equals(status.revision()))
                        .isPresent();
        return new ServerRow(
                status.id(),
                text(status.name()),
                text(status.role()),
                member.filter(Member::serves).isPresent(),
                Boolean.TRUE.equals(status.ready()),
                text(status.revision()),
                outdated,
                text(status.zxid()),
                text(status.since()),
                text(instance.flatMap(Instance::location).orElse("")),
                member.map(ServerRow::trouble).orElse("") + drift(status));
    }

    private static String trouble(Member member) {
        if (member.serves()) {
            return "";
        }
        String platform = member.instance()
                .map(instance -> (instance.reason() + " " + instance.message()).strip())
                .orElse("");
        String server = member.server().detail();
        return SafeText.of(platform.isEmpty() || server.isEmpty() ? platform + server : platform + "; " + server);
    }

    private static String drift(MemberStatus status) {
        return status.drift() == null ? "" : SafeText.of(status.drift());
    }

    private static String text(String value) {
        return SafeText.of(value);
    }

    /** The role as one word of the style sheet. */
    public String mark() {
        return serves ? role : "away";
    }
}
