package dev.ensembled.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The file {@code endpoints.json}, by which scripts find everything: the web and health addresses, and each ensemble with
 * its members. It is replaced as a whole, and only when something differs. Thread-safe.
 */
public final class Endpoints {
    private final JsonFile file;
    private Content last;

    /** All of the file. */
    public record Content(String web, String health, List<Ensemble> ensembles) {
        public Content {
            ensembles = List.copyOf(ensembles);
        }
    }

    /**
     * One ensemble.
     *
     * @param connectString client addresses of all members, as a ZooKeeper client takes them
     */
    public record Ensemble(String namespace, String name, String connectString, List<Endpoint> members) {
        public Ensemble {
            members = List.copyOf(members);
        }
    }

    /**
     * One member.
     *
     * @param role leader, follower, observer, or why it has none: "not serving", "down", "unknown"
     * @param pid of its process; null while there is none
     * @param services what it offers over HTTP, by name, such as admin and metrics
     */
    public record Endpoint(int id, String role, String clientAddress, Long pid, SortedMap<String, String> services) {
        public Endpoint {
            services = services == null ? new TreeMap<>() : new TreeMap<>(services);
        }
    }

    public Endpoints(Path dir) {
        this.file = new JsonFile(dir.resolve("endpoints.json"), "It is written again");
    }

    /** Where the file is. */
    public Path path() {
        return file.path();
    }

    /** Writes the file if it does not say that already. */
    public synchronized void write(Content content) throws IOException {
        if (last == null) {
            last = readable();
        }
        if (!content.equals(last)) {
            file.write(content);
            last = content;
        }
    }

    /** What stands there from an earlier life; nothing, if that cannot be read, since it is replaced then. */
    private Content readable() {
        try {
            return file.read(Content.class).orElse(null);
        } catch (IOException e) {
            return null;
        }
    }
}
