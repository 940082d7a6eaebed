package dev.ensembled.reconciler.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What every container but the server's gets where a pod template does not say otherwise. The pod's own security context
 * holds for them too, but the Pod Security Standard {@code restricted} wants these of each container by itself.
 */
final class SidecarDefaults {
    private SidecarDefaults() {}

    static void putInto(ObjectNode users) {
        for (String list : List.of("containers", "initContainers")) {
            for (JsonNode container : users.path("spec").path(list)) {
                if (container instanceof ObjectNode object
                        && !PodTemplate.SERVER.equals(object.path("name").asText())) {
                    restrict(object.withObject("/securityContext"));
                }
            }
        }
    }

    /** Kubernetes refuses a container that is privileged, or may administer the system, and may not gain privileges. */
    private static void restrict(ObjectNode context) {
        boolean privileged = context.path("privileged").asBoolean()
                || context.path("capabilities").path("add").toString().contains("SYS_ADMIN");
        if (!privileged && !context.has("allowPrivilegeEscalation")) {
            context.put("allowPrivilegeEscalation", false);
        }
        if (!privileged && !context.path("capabilities").has("drop")) {
            context.withObject("/capabilities").putArray("drop").add("ALL");
        }
    }
}
