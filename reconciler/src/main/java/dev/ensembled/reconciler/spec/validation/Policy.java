package dev.ensembled.reconciler.spec.validation;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What an installation permits ensembles to do, whatever their files ask for. The servers run with the rights of a
 * namespace, and permission to push must not grant more than that. Therefore the defaults are narrow, and only the
 * daemon's configuration widens them.
 *
 * @param namespaces the namespaces that may contain ensembles; if empty, all except those of Kubernetes and of the
 *     daemon
 * @param ownNamespace the namespace of the daemon, if it is known
 * @param podSecurity the level of the Pod Security Standards that pods must meet
 * @param jvmOptions which options the servers' JVM may be given
 * @param serviceAccounts names of service accounts whose token pods may mount; {@code *} for any
 * @param secrets names of Secrets that pods may read; {@code *} for any
 * @param limit to which namespaces the source of a file is limited beyond that; empty if it is not, or for a resource that
 *     does not come from a file
 */
public record Policy(
        Set<String> namespaces,
        Optional<String> ownNamespace,
        PodSecurity podSecurity,
        JvmOptions jvmOptions,
        Set<String> serviceAccounts,
        Set<String> secrets,
        Optional<SourceLimit> limit) {

    /** The policy if the daemon's configuration sets nothing. */
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
        Objects.requireNonNull(limit);
    }

    /** A policy that is the same for all sources. */
    public Policy(
            Set<String> namespaces,
            Optional<String> ownNamespace,
            PodSecurity podSecurity,
            JvmOptions jvmOptions,
            Set<String> serviceAccounts,
            Set<String> secrets) {
        this(namespaces, ownNamespace, podSecurity, jvmOptions, serviceAccounts, secrets, Optional.empty());
    }

    /**
     * The namespaces that one source may touch.
     *
     * @param source its name
     * @param namespaces not empty
     */
    public record SourceLimit(String source, Set<String> namespaces) {
        public SourceLimit {
            Objects.requireNonNull(source);
            namespaces = Set.copyOf(namespaces);
        }

        private Optional<String> whyNot(String namespace) {
            return namespaces.contains(namespace)
                    ? Optional.empty()
                    : Optional.of("the source " + source + " may touch only the namespaces "
                            + new java.util.TreeSet<>(namespaces) + ", not " + namespace
                            + ": move the ensemble, or list the namespace for the source (namespaces in"
                            + " ENSEMBLED_SOURCES)");
        }
    }

    /** The levels of the Pod Security Standards, in order from the strictest. */
    public enum PodSecurity {
        RESTRICTED,
        BASELINE,
        PRIVILEGED;

        /** Whether this level is at least as strict as the other level. */
        public boolean within(PodSecurity level) {
            return compareTo(level) <= 0;
        }
    }

    /** Which options of the JVM are accepted. */
    public enum JvmOptions {
        /** Options that are known neither to run code nor to write files elsewhere. */
        SAFE,
        ANY
    }

    /** The same policy with ensembles in these namespaces only; with the default namespaces if the set is empty. */
    public Policy in(Set<String> only) {
        return new Policy(only, ownNamespace, podSecurity, jvmOptions, serviceAccounts, secrets, limit);
    }

    /** The same policy for the files of one source; with the namespaces of the installation if the set is empty. */
    public Policy ofSource(String source, Set<String> only) {
        return new Policy(
                namespaces,
                ownNamespace,
                podSecurity,
                jvmOptions,
                serviceAccounts,
                secrets,
                only.isEmpty() ? Optional.empty() : Optional.of(new SourceLimit(source, only)));
    }

    /** Why a namespace may not contain ensembles of the source; empty if it may. */
    Optional<String> whyNot(String namespace) {
        return whyNotHere(namespace).or(() -> limit.flatMap(one -> one.whyNot(namespace)));
    }

    private Optional<String> whyNotHere(String namespace) {
        if (namespaces.contains(namespace)) {
            return Optional.empty();
        }
        if (!namespaces.isEmpty()) {
            return Optional.of(
                    "ensembles are not allowed in " + namespace + ", only in " + new java.util.TreeSet<>(namespaces));
        }
        if (namespace.startsWith(OF_KUBERNETES)) {
            return Optional.of("ensembles are not allowed in " + namespace
                    + ", a namespace of Kubernetes itself, unless the installation lists it (ENSEMBLED_NAMESPACES)");
        }
        return ownNamespace
                .filter(namespace::equals)
                .map(
                        own -> "ensembles are not allowed in " + namespace
                                + ", the namespace of ensembled itself, unless the installation lists it (ENSEMBLED_NAMESPACES)");
    }

    public boolean allowsServiceAccount(String name) {
        return serviceAccounts.contains(ANY) || serviceAccounts.contains(name);
    }

    public boolean allowsSecret(String name) {
        return secrets.contains(ANY) || secrets.contains(name);
    }
}
