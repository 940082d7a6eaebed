package dev.ensembled.reconciler.spec.validation.pod;

import dev.ensembled.reconciler.spec.validation.Findings;
import dev.ensembled.reconciler.spec.validation.Policy.PodSecurity;
import dev.ensembled.reconciler.spec.validation.Scalars;
import dev.ensembled.reconciler.spec.validation.SpecRule;
import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The Pod Security Standards, as far as a pod template can override the defaults of ensembled, which meet the level
 * {@code restricted}. Checks only what the file contains; for defaults that it removes see {@link UnsetRule}. Settings
 * that no level allows in a server's pod, such as the host's network, are refused by {@link PodFields}.
 */
public final class PodSecurityRule implements SpecRule {
    private static final String PATH = "spec.podTemplate.spec";
    private static final Set<String> VOLUMES = Set.of(
            "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret");
    private static final Set<String> SYSCTLS = Set.of(
            "kernel.shm_rmid_forced",
            "net.ipv4.ip_local_port_range",
            "net.ipv4.ip_unprivileged_port_start",
            "net.ipv4.tcp_syncookies",
            "net.ipv4.ping_group_range",
            "net.ipv4.ip_local_reserved_ports",
            "net.ipv4.tcp_keepalive_time",
            "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_keepalive_intvl",
            "net.ipv4.tcp_keepalive_probes",
            "net.ipv4.tcp_rmem",
            "net.ipv4.tcp_wmem");
    private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";
    private static final Pattern PROFILE = Pattern.compile("runtime/default|localhost/.*");

    private final PodSecurity level;

    public PodSecurityRule(PodSecurity level) {
        this.level = level;
    }

    /** Why a setting is refused at a level, and who can allow it. */
    static String forbidden(PodSecurity level) {
        return "the Pod Security Standard \"" + level.name().toLowerCase(Locale.ROOT)
                + "\" forbids it: remove it. The installation can allow it (ENSEMBLED_POD_SECURITY)";
    }

    @Override
    public void check(Mapping spec, Findings findings) {
        if (level == PodSecurity.PRIVILEGED) {
            return;
        }
        spec.mapping("podTemplate", "spec").ifPresent(pod -> {
            pod.scalar("hostIPC")
                    .filter(Scalars::isTrue)
                    .ifPresent(host -> findings.violation(host.location(), PATH + ".hostIPC", forbidden(level)));
            pod.mapping("securityContext").ifPresent(context -> {
                new SecurityContextCheck(level, PATH + ".securityContext", findings).check(context);
                sysctls(context.items("sysctls"), findings);
            });
            volumes(pod.items("volumes"), findings);
        });
        spec.mapping("podTemplate", "metadata", "annotations")
                .ifPresent(annotations -> appArmor(annotations, findings));
        for (PodContainer container : PodContainer.of(spec)) {
            container.fields().mapping("securityContext").ifPresent(context -> new SecurityContextCheck(
                            level, container.path() + ".securityContext", findings)
                    .check(context));
            hosts(container, findings);
        }
    }

    private void sysctls(List<YamlNode> sysctls, Findings findings) {
        for (YamlNode item : sysctls) {
            if (item instanceof Mapping sysctl) {
                sysctl.scalar("name")
                        .filter(name -> !SYSCTLS.contains(name.text()))
                        .ifPresent(name -> findings.violation(
                                name.location(), PATH + ".securityContext.sysctls", forbidden(level)));
            }
        }
    }

    private void volumes(List<YamlNode> volumes, Findings findings) {
        for (int index = 0; index < volumes.size(); index++) {
            if (volumes.get(index) instanceof Mapping volume) {
                String path = PATH + ".volumes[" + index + "].";
                volume.fields().forEach((key, field) -> {
                    boolean other = !key.equals("name") && !VOLUMES.contains(key) && PodTemplateFields.ofVolume(key);
                    boolean refused = key.equals("hostPath") || (other && level == PodSecurity.RESTRICTED);
                    if (refused && !Scalars.isNull(field.value())) {
                        findings.violation(field.key(), path + key, forbidden(level));
                    }
                });
            }
        }
    }

    private void appArmor(Mapping annotations, Findings findings) {
        annotations.fields().forEach((key, field) -> {
            boolean allowed = field.value() instanceof YamlNode.Scalar profile
                    && PROFILE.matcher(profile.text()).matches();
            if (key.startsWith(APP_ARMOR) && !allowed) {
                findings.violation(field.key(), "spec.podTemplate.metadata.annotations." + key, forbidden(level));
            }
        });
    }

    /** Checks ports of the node, and other hosts that the kubelet would call for a probe or a hook. */
    private void hosts(PodContainer container, Findings findings) {
        container.each("ports", (port, path) -> port.scalar("hostPort")
                .filter(number -> !number.text().equals("0"))
                .ifPresent(number -> findings.violation(number.location(), path + ".hostPort", forbidden(level))));
        for (String[] action : List.of(
                new String[] {"livenessProbe"},
                new String[] {"readinessProbe"},
                new String[] {"startupProbe"},
                new String[] {"lifecycle", "postStart"},
                new String[] {"lifecycle", "preStop"})) {
            String path = container.path() + "." + String.join(".", action);
            container.fields().mapping(action).ifPresent(called -> {
                for (String how : List.of("httpGet", "tcpSocket")) {
                    called.scalar(how, "host")
                            .filter(host -> !host.text().isEmpty())
                            .ifPresent(host ->
                                    findings.violation(host.location(), path + "." + how + ".host", forbidden(level)));
                }
            });
        }
    }
}
