package dev.ensembled.reconciler.observed;

import dev.ensembled.reconciler.observed.Instance.Phase;
import java.util.Optional;

/**
 * One member of the ensemble: its id, its instance, and what its server reports.
 *
 * @param id the server's id (myid), from 1
 * @param clientAddress host and port at which its server accepts clients; empty while it has none
 */
public record Member(int id, Optional<Instance> instance, Server server, Optional<HostPort> clientAddress) {

    /** A host, as a name or an IP address, and a port. */
    public record HostPort(String host, int port) {
        @Override
        public String toString() {
            return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
        }
    }

    /** Whether it takes requests. */
    public boolean serves() {
        return server.isServing();
    }

    /** Whether it leads. */
    public boolean leads() {
        return server.isServingAs(Server.Role.LEADER);
    }

    /** Whether its server answers: it serves, or reports that it does not. */
    public boolean answers() {
        return serves() || server.isNotServing();
    }

    /** Whether it serves, in an instance that is ready and is not terminating. */
    public boolean isHealthy() {
        return serves()
                && instance.filter(running -> running.phase() == Phase.RUNNING && running.ready())
                        .isPresent();
    }

    /** Whether the state of its server is unknown. The server need not be read when its instance is known not to run. */
    public boolean isUnknown() {
        boolean notRunning = instance.filter(Instance::knownNotRunning).isPresent();
        return (server.isUnknown() && !notRunning)
                || instance.filter(lost -> lost.phase() == Phase.UNKNOWN).isPresent();
    }

    /** Whether its start script found that its disk is blank, belongs to another server, or is unreadable. */
    public boolean lostItsData() {
        return !serves()
                && instance.filter(refusing -> refusing.disk() != Instance.Disk.FINE)
                        .filter(refusing -> refusing.phase() != Phase.TERMINATING)
                        .isPresent();
    }
}
