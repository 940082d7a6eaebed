package dev.ensembled.reconciler.observed;

import java.util.Optional;

/**
 * One member of the ensemble: its place, what hosts it, and what it says.
 *
 * @param id the server's id (myid), from 1
 * @param clientAddress host and port at which its server takes clients; empty while it has none
 */
public record Member(int id, Optional<Instance> instance, Server server, Optional<HostPort> clientAddress) {

    /** An address, of which the host may be a name or an IP address. */
    public record HostPort(String host, int port) {
        @Override
        public String toString() {
            return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
        }
    }

    /** Whether it takes requests. */
    public boolean serves() {
        return server instanceof Server.Serving;
    }

    /** Whether it leads. */
    public boolean leads() {
        return server instanceof Server.Serving serving && serving.role() == Server.Role.LEADER;
    }
}
