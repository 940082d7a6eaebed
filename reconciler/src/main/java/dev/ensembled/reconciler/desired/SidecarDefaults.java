package dev.ensembled.reconciler.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The defaults for every container other than the server's, where a pod template does not set them. The security
 * context of the pod applies to these containers too, but the Pod Security Standard {@code restricted} requires these
 * fields on each container.
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

    /** Kubernetes refuses a container without privilege escalation that is privileged or has CAP_SYS_ADMIN. */
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
