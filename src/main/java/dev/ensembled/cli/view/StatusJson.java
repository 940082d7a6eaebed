package dev.ensembled.cli.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.cli.target.StoredEnsemble;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.summary.GateHelp;
import dev.ensembled.summary.Summary;
import java.util.Optional;

/** The status for scripts: what {@link StatusText} prints, and the status of the resource. Pure. */
public final class StatusJson {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    private StatusJson() {}

    /**
     * Returns the status as a tree.
     *
     * @param command opens the closed gate, if there is such a command
     */
    public static ObjectNode of(StoredEnsemble ensemble, Optional<String> command) {
        Summary summary = Summary.of(ensemble);
        ObjectNode root = JSON.createObjectNode();
        root.put("namespace", ensemble.id().namespace());
        root.put("name", ensemble.id().name());
        root.put("state", summary.state().toString());
        root.put("needsPerson", Summary.needsAPerson(ensemble));
        root.put("reason", summary.reason());
        if (summary.since() != null) {
            root.put("since", summary.since());
        }
        summary.gate().ifPresent(gate -> gate(root.putObject("gate"), gate));
        command.ifPresent(text -> root.put("command", text));
        root.put("generation", ensemble.generation());
        root.set("status", JSON.valueToTree(ensemble.status()));
        return root;
    }

    private static void gate(ObjectNode node, Gate gate) {
        GateHelp help = GateHelp.of(gate);
        node.put("name", gate.toString());
        node.put("waitsFor", gate.waitsFor().name().toLowerCase(java.util.Locale.ROOT));
        help.opensWhen().ifPresent(text -> node.put("opensWhen", text));
        help.whatToDo().ifPresent(text -> node.put("whatToDo", text));
        node.put("docs", gate.docs());
    }
}
