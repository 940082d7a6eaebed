package dev.ensembled.reconciler.spec.validation.pod;

import dev.ensembled.reconciler.spec.validation.Findings;
import dev.ensembled.reconciler.spec.validation.Policy.PodSecurity;
import dev.ensembled.reconciler.spec.validation.Scalars;
import dev.ensembled.reconciler.spec.yaml.Location;
import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Checks the security context of a pod or of a container against the Pod Security Standards.
 *
 * @param path the path of the security context, for people
 */
record SecurityContextCheck(PodSecurity level, String path, Findings findings) {
    private static final Set<String> BASELINE_CAPABILITIES = Set.of(
            "AUDIT_WRITE",
            "CHOWN",
            "DAC_OVERRIDE",
            "FOWNER",
            "FSETID",
            "KILL",
            "MKNOD",
            "NET_BIND_SERVICE",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYS_CHROOT");
    private static final Set<String> SE_LINUX_TYPES =
            Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");
    private static final Set<String> PROFILES = Set.of("RuntimeDefault", "Localhost");

    void check(Mapping context) {
        refuse(context, Scalars::isTrue, "privileged");
        refuse(context, Scalars::isTrue, "windowsOptions", "hostProcess");
        refuse(context, mount -> !mount.text().equals("Default"), "procMount");
        refuse(context, profile -> !PROFILES.contains(profile.text()), "appArmorProfile", "type");
        refuse(context, profile -> profile.text().equals("Unconfined"), "seccompProfile", "type");
        refuse(context, type -> !SE_LINUX_TYPES.contains(type.text()), "seLinuxOptions", "type");
        refuse(context, user -> !user.text().isEmpty(), "seLinuxOptions", "user");
        refuse(context, role -> !role.text().isEmpty(), "seLinuxOptions", "role");
        added(context);
        if (level == PodSecurity.RESTRICTED) {
            restricted(context);
        }
    }

    private void restricted(Mapping context) {
        refuse(context, Scalars::isTrue, "allowPrivilegeEscalation");
        refuse(context, nonRoot -> Scalars.isBoolean(nonRoot) && !Scalars.isTrue(nonRoot), "runAsNonRoot");
        refuse(context, user -> user.text().equals("0"), "runAsUser");
        Optional<YamlNode> drop = context.find("capabilities", "drop").filter(list -> !Scalars.isNull(list));
        boolean all = texts(context.items("capabilities", "drop")).contains("ALL");
        if (drop.isPresent() && !all) {
            violation(drop.get().location(), "capabilities.drop");
        }
    }

    private void added(Mapping context) {
        Set<String> allowed = level == PodSecurity.RESTRICTED ? Set.of("NET_BIND_SERVICE") : BASELINE_CAPABILITIES;
        for (YamlNode item : context.items("capabilities", "add")) {
            if (item instanceof Scalar capability && !allowed.contains(capability.text())) {
                violation(capability.location(), "capabilities.add");
            }
        }
    }

    private void refuse(Mapping context, Predicate<Scalar> bad, String... field) {
        context.scalar(field).filter(bad).ifPresent(value -> violation(value.location(), String.join(".", field)));
    }

    private void violation(Location location, String field) {
        findings.violation(location, path + "." + field, PodSecurityRule.forbidden(level));
    }

    private static List<String> texts(List<YamlNode> items) {
        return items.stream()
                .filter(Scalar.class::isInstance)
                .map(item -> ((Scalar) item).text())
                .toList();
    }
}
