package dev.ensembled.daemon;

import dev.ensembled.reconciler.spec.Policy.JvmOptions;
import dev.ensembled.reconciler.spec.Policy.PodSecurity;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** The configuration of the daemon, from {@code ENSEMBLED_*} environment variables or {@code ensembled.*} properties. */
@ConfigMapping(prefix = "ensembled")
public interface Settings {

    /** What ensembles run on. */
    enum Kind {
        KUBERNETES,
        LOCAL
    }

    @WithDefault("kubernetes")
    Kind platform();

    /** The namespaces whose ensembles are ours; absent for all but those of Kubernetes and of the daemon. */
    Optional<Set<String>> namespaces();

    /** The level of the Pod Security Standards that pods keep to, whatever their spec says. */
    @WithDefault("restricted")
    PodSecurity podSecurity();

    /** Which options the servers' JVM may be given. */
    @WithDefault("safe")
    JvmOptions jvmOptions();

    /** Names of the service accounts whose token pods may have; absent for none, {@code *} for any. */
    Optional<Set<String>> serviceAccounts();

    /** Names of the Secrets that pods may read; absent for none, {@code *} for any. */
    Optional<Set<String>> secrets();

    /** For documents in Git that name no namespace. */
    @WithDefault("default")
    String defaultNamespace();

    /**
     * A name that no other daemon on the same cluster has, and that stays the same over restarts. Absent: the namespace that
     * it runs in.
     */
    Optional<String> installation();

    /** How many ensembles are worked on at once. */
    @WithDefault("8")
    int workers();

    /** How often a settled ensemble is looked at when nothing tells of a change. */
    @WithDefault("15s")
    Duration resync();

    /** After how long in one cycle a worker counts as wedged; well above the sum of a cycle's deadlines. */
    @WithDefault("3m")
    Duration wedgedAfter();

    /** Where the project lies, with its sample repository; the launcher tells. Read before this mapping exists. */
    Optional<Path> home();

    /** Whether standard output is a terminal on which lines can be drawn again; the launcher tells. */
    @WithDefault("false")
    boolean terminal();

    Git git();

    Local local();

    Web web();

    /** The repository that ensembles come from. */
    interface Git {
        /** Absent: there is no Git source, and others write the resources. */
        Optional<String> uri();

        @WithDefault("main")
        String branch();

        /** The directory in the repository. */
        @WithDefault("")
        Optional<String> path();

        @WithDefault("1m")
        Duration interval();

        /** For one fetch, from connecting to the last byte. */
        @WithDefault("30s")
        Duration timeout();

        /** A directory with username and password, or ssh-privatekey and known_hosts; looked into at each fetch. */
        @WithDefault("/etc/ensembled/git")
        Path credentials();

        /** Where the objects that were fetched are kept. */
        Optional<Path> cache();
    }

    /** Settings of the local platform. */
    interface Local {
        /** Everything that the local platform keeps. */
        @WithDefault(".ensembled")
        Path dir();
    }

    /** Who may read the page, the API and health. */
    interface Web {
        /** Whether other machines may; if not, they get the outcome of the probes, and this machine (this pod) gets all. */
        @WithDefault("false")
        boolean network();

        /** Names under which the page is asked for, beside localhost and addresses; others are refused. */
        Optional<Set<String>> hosts();
    }
}
