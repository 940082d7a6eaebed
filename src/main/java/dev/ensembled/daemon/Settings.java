package dev.ensembled.daemon;

import dev.ensembled.forge.settings.ForgeSettings;
import dev.ensembled.git.settings.SignaturePolicy;
import dev.ensembled.reconciler.spec.validation.Policy.JvmOptions;
import dev.ensembled.reconciler.spec.validation.Policy.PodSecurity;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The configuration of the daemon, from {@code ENSEMBLED_*} environment variables or {@code ensembled.*} properties. */
@ConfigMapping(prefix = "ensembled")
public interface Settings {

    /** The platform on which ensembles run. */
    enum Kind {
        KUBERNETES,
        LOCAL
    }

    @WithDefault("kubernetes")
    Kind platform();

    /** The namespaces whose ensembles this daemon manages; absent for all, except those of Kubernetes and of the daemon. */
    Optional<Set<String>> namespaces();

    /** The level of the Pod Security Standards that pods comply with, whatever their spec says. */
    @WithDefault("restricted")
    PodSecurity podSecurity();

    /** Which JVM options a spec may give to the servers. */
    @WithDefault("safe")
    JvmOptions jvmOptions();

    /** Names of the service accounts whose tokens pods may have; absent for none, {@code *} for any. */
    Optional<Set<String>> serviceAccounts();

    /** Names of the Secrets that pods may read; absent for none, {@code *} for any. */
    Optional<Set<String>> secrets();

    /** The namespace for documents in Git that do not name one. */
    @WithDefault("default")
    String defaultNamespace();

    /**
     * A name that no other daemon on the same cluster has, and that stays the same across restarts. If absent: the
     * namespace in which the daemon runs.
     */
    Optional<String> installation();

    /** How many ensembles are reconciled at the same time. */
    @WithDefault("8")
    int workers();

    /** How often a settled ensemble is reconciled when no change of it is reported. */
    @WithDefault("15s")
    Duration resync();

    /** The time in one cycle after which a worker counts as wedged; well above the sum of the deadlines in a cycle. */
    @WithDefault("3m")
    Duration wedgedAfter();

    /** The directory of the project, with its sample repository; set by the launcher. Read before this mapping exists. */
    Optional<Path> home();

    /** Whether standard output is a terminal on which lines can be redrawn; set by the launcher. */
    @WithDefault("false")
    boolean terminal();

    Git git();

    /** A YAML file with more sources; absent for none. */
    Optional<Path> sources();

    /** A YAML file with the receivers of notifications; absent for none. */
    Optional<Path> notifications();

    Lease lease();

    Local local();

    Log log();

    Metrics metrics();

    Web web();

    Webhook webhook();

    /** The repository from which ensembles come: the source {@code default}. */
    interface Git {
        /** The repository; if absent, there is no Git source, and other clients write the resources. */
        Optional<String> uri();

        /** The branch to follow; {@code main} if no other reference is set. At most one of the four may be set. */
        Optional<String> branch();

        /** The tag to follow. */
        Optional<String> tag();

        /** The range of versions of which the tag with the highest one is followed. */
        Optional<String> semver();

        /** The full id of the commit to apply. */
        Optional<String> commit();

        /** Whether the history may be rewritten, or a version go backwards. */
        @WithDefault("false")
        boolean allowRewrite();

        /** The directory within the repository. */
        @WithDefault("")
        Optional<String> path();

        @WithDefault("1m")
        Duration interval();

        /** The timeout of one fetch, from connecting to the last byte. */
        @WithDefault("30s")
        Duration timeout();

        /** A directory with username and password, or ssh-privatekey and known_hosts; read at each fetch. */
        @WithDefault("/etc/ensembled/git")
        Path credentials();

        /** Which signature a commit, or its tag, must have before anything of it is read. */
        @WithDefault("none")
        SignaturePolicy.Required verify();

        /** A directory with trusted keys: *.asc, *.gpg, allowed_signers, revoked_keys; read for each verification. */
        @WithDefault("/etc/ensembled/signers")
        Path signers();

        /** The directory in which fetched objects are kept. */
        Optional<Path> cache();

        Forge forge();
    }

    /** The forge on which changes of the repository are reviewed. */
    interface Forge {
        /** The kind; absent if nothing is reported to a forge. */
        Optional<ForgeSettings.Type> type();

        /** The address of the API; if absent, the usual address at the host of the repository. */
        Optional<String> api();

        /** The path of the repository on the forge; if absent, the path of the repository's URL. */
        Optional<String> repository();

        /** A directory with token and, for a certificate authority of its own, ca.crt; read for each request. */
        @WithDefault("/etc/ensembled/forge")
        Path credentials();

        /** Whether pull requests from other repositories are planned. */
        @WithDefault("false")
        boolean forks();

        /** The first part of the names of statuses, before {@code /plan} and {@code /rollout}. */
        @WithDefault("ensembled")
        String context();
    }

    /** The lease by which replicas choose a leader, on Kubernetes. */
    interface Lease {
        /** The name of the Lease object in the namespace of the daemon; absent if there is one replica only. */
        Optional<String> name();

        /**
         * A name of this replica that another process has only when this process has certainly ended: the name and the UID of
         * the pod. Generated if absent.
         */
        Optional<String> identity();
    }

    /** Settings of the local platform. */
    interface Local {
        /** The directory in which the local platform keeps everything. */
        @WithDefault(".ensembled")
        Path dir();
    }

    /** The form of the log. */
    interface Log {
        /** Whether each line is a JSON object, rather than text with keys and values. */
        @WithDefault("false")
        boolean json();
    }

    /** The metrics for Prometheus. */
    interface Metrics {
        /** Whether other machines may read them; if not, only this machine (this pod) may, unless the page is open too. */
        @WithDefault("false")
        boolean network();
    }

    /** Who may read the status page, the API and the health endpoints. */
    interface Web {
        /**
         * Whether other machines may read everything; if not, they get only the probe results, and this machine (this pod)
         * gets everything.
         */
        @WithDefault("false")
        boolean network();

        /** Host names under which the page may be requested, besides localhost and addresses; other names are refused. */
        Optional<Set<String>> hosts();
    }

    /** Where forges report pushes. */
    interface Webhook {
        /** The port for webhooks; absent for none, since requests from outside need a decision of the installation. */
        OptionalInt port();
    }
}
