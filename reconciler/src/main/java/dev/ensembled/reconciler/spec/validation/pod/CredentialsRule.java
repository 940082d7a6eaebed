package dev.ensembled.reconciler.spec.validation.pod;

import dev.ensembled.reconciler.spec.validation.Findings;
import dev.ensembled.reconciler.spec.validation.Policy;
import dev.ensembled.reconciler.spec.validation.Scalars;
import dev.ensembled.reconciler.spec.validation.SpecRule;
import dev.ensembled.reconciler.spec.yaml.Location;
import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Sequence;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A person who may push a container can read everything that its pod can read. Therefore Secrets, and the tokens of
 * service accounts, which grant rights in the cluster, are available only as the installation lists them.
 */
public final class CredentialsRule implements SpecRule {
    private static final String PATH = "spec.podTemplate.spec";
    private static final String DEFAULT_ACCOUNT = "default";
    private static final String ALLOW_ACCOUNT = "The installation can allow it (ENSEMBLED_SERVICE_ACCOUNTS)";
    private static final Set<String> TOKENS = Set.of("serviceAccountToken", "podCertificate");

    /** The kubelet pulls images with these Secrets; the pod cannot read them. */
    private static final String PULL_SECRETS = "imagePullSecrets";

    private final Policy policy;

    public CredentialsRule(Policy policy) {
        this.policy = policy;
    }

    @Override
    public void check(Mapping spec, Findings findings) {
        spec.mapping("podTemplate", "spec").ifPresent(pod -> {
            Optional<Scalar> account = pod.scalar("serviceAccountName");
            String name = account.map(Scalar::text).orElse(DEFAULT_ACCOUNT);
            boolean allowed = policy.allowsServiceAccount(name);
            if (account.isPresent() && !allowed) {
                findings.violation(
                        account.get().location(),
                        PATH + ".serviceAccountName",
                        "the service account " + name + " is not allowed, since pods get its permissions: remove it. "
                                + ALLOW_ACCOUNT);
            } else if (!allowed) {
                pod.scalar("automountServiceAccountToken")
                        .filter(Scalars::isTrue)
                        .ifPresent(mount -> findings.violation(
                                mount.location(), PATH + ".automountServiceAccountToken", token(name)));
            }
            pod.fields().forEach((key, field) -> {
                if (!key.equals(PULL_SECRETS)) {
                    visit(key, field.key(), field.value(), PATH + "." + key, name, findings);
                }
            });
        });
    }

    private void visit(String key, Location location, YamlNode node, String path, String account, Findings findings) {
        if (TOKENS.contains(key) && !policy.allowsServiceAccount(account) && node instanceof Mapping) {
            findings.violation(location, path, token(account));
        }
        secret(key, node)
                .filter(secret -> !policy.allowsSecret(secret.text()))
                .ifPresent(secret -> findings.violation(
                        secret.location(),
                        path,
                        "the Secret " + secret.text()
                                + " is not allowed, since everyone who can push could read it in a pod:"
                                + " remove it. The installation can allow it (ENSEMBLED_SECRETS)"));
        if (node instanceof Mapping mapping) {
            mapping.fields()
                    .forEach((name, field) ->
                            visit(name, field.key(), field.value(), path + "." + name, account, findings));
        } else if (node instanceof Sequence sequence) {
            for (int index = 0; index < sequence.items().size(); index++) {
                visit("", location, sequence.items().get(index), path + "[" + index + "]", account, findings);
            }
        }
    }

    /** The Secret that a field names: secretName, secret.name, secretRef.name, secretKeyRef.name and the like. */
    private static Optional<Scalar> secret(String key, YamlNode node) {
        if (node instanceof Scalar name && key.equals("secretName") && !Scalars.isNull(name)) {
            return Optional.of(name);
        }
        boolean reference = key.toLowerCase(Locale.ROOT).contains("secret") && node instanceof Mapping;
        return reference ? ((Mapping) node).scalar("name") : Optional.empty();
    }

    private static String token(String account) {
        return "a token of the service account " + account + " is not allowed in pods: remove it. " + ALLOW_ACCOUNT;
    }
}
