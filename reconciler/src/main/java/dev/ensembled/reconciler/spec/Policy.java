package dev.ensembled.reconciler.spec;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What an installation lets ensembles do, whatever their files say. The servers run with the rights of a namespace, and a
 * push should not be worth more than that: everything here is narrow unless the daemon's configuration widens it.
 *
 * @param namespaces where ensembles may be; empty for anywhere but in the namespaces of Kubernetes and of the daemon
 * @param ownNamespace the namespace of the daemon, where it is known
 * @param podSecurity the level of the Pod Security Standards that pods keep to
 * @param jvmOptions which options the servers' JVM may be given
 * @param serviceAccounts names of service accounts whose token pods may have; {@code *} for any
 * @param secrets names of Secrets that pods may read; {@code *} for any
 */
public record Policy(
        Set<String> namespaces,
        Optional<String> ownNamespace,
        PodSecurity podSecurity,
        JvmOptions jvmOptions,
        Set<String> serviceAccounts,
        Set<String> secrets) {

    /** What holds where the daemon's configuration says nothing. */
    public static final Policy DEFAULT =
            new Policy(Set.of(), Optional.empty(), PodSecurity.RESTRICTED, JvmOptions.SAFE, Set.of(), Set.of());

    private static final String ANY = "*";
    private static final String OF_KUBERNETES = "kube-";

    public Policy {
        namespaces = Set.copyOf(namespaces);
        Objects.requireNonNull(ownNamespace);
        Objects.requireNonNull(podSecurity);
        Objects.requireNonNull(jvmOptions);
        serviceAccounts = Set.copyOf(serviceAccounts);
        secrets = Set.copyOf(secrets);
    }

    /** The levels of the Pod Security Standards, the strictest first. */
    public enum PodSecurity {
        RESTRICTED,
        BASELINE,
        PRIVILEGED;

        /** Whether what this level forbids is forbidden by another one too. */
        boolean within(PodSecurity level) {
            return compareTo(level) <= 0;
        }
    }

    /** Which options of the JVM are accepted. */
    public enum JvmOptions {
        /** Those that are known to neither run code nor write files elsewhere. */
        SAFE,
        ANY
    }

    /** The same, with ensembles in these namespaces only; anywhere if there are none. */
    public Policy in(Set<String> only) {
        return new Policy(only, ownNamespace, podSecurity, jvmOptions, serviceAccounts, secrets);
    }

    /** Why no ensemble may be in a namespace; empty if one may. */
    Optional<String> whyNot(String namespace) {
        if (namespaces.contains(namespace)) {
            return Optional.empty();
        }
        if (!namespaces.isEmpty()) {
            return Optional.of(
                    "ensembles may not be in " + namespace + ", only in " + new java.util.TreeSet<>(namespaces));
        }
        if (namespace.startsWith(OF_KUBERNETES)) {
            return Optional.of("ensembles may not be in " + namespace
                    + ", a namespace of Kubernetes itself, unless the installation lists it (ENSEMBLED_NAMESPACES)");
        }
        return ownNamespace
                .filter(namespace::equals)
                .map(
                        own -> "ensembles may not be in " + namespace
                                + ", the namespace of ensembled itself, unless the installation lists it (ENSEMBLED_NAMESPACES)");
    }

    boolean allowsServiceAccount(String name) {
        return serviceAccounts.contains(ANY) || serviceAccounts.contains(name);
    }

    boolean allowsSecret(String name) {
        return secrets.contains(ANY) || secrets.contains(name);
    }
}
