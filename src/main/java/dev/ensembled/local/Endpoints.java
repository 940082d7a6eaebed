package dev.ensembled.local;

import dev.ensembled.local.file.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The file {@code endpoints.json} for scripts: the web and health addresses, and each ensemble with its members. The file is
 * replaced atomically, and only when its content changes. Thread-safe.
 */
public final class Endpoints {
    private final JsonFile file;
    private Content last;

    /** The content of the file. */
    public record Content(String web, String health, List<Ensemble> ensembles) {
        public Content {
            ensembles = List.copyOf(ensembles);
        }
    }

    /**
     * One ensemble.
     *
     * @param connectString the client addresses of all members, in the format of a ZooKeeper client's connect string
     */
    public record Ensemble(String namespace, String name, String connectString, List<Endpoint> members) {
        public Ensemble {
            members = List.copyOf(members);
        }
    }

    /**
     * One member.
     *
     * @param role "leader", "follower" or "observer", or its state without a role: "not serving", "down", "unknown"
     * @param pid the process id; null while no process runs
     * @param services the addresses of its HTTP services by name, such as admin and metrics
     */
    public record Endpoint(int id, String role, String clientAddress, Long pid, SortedMap<String, String> services) {
        public Endpoint {
            services = services == null ? new TreeMap<>() : new TreeMap<>(services);
        }
    }

    public Endpoints(Path dir) {
        this.file = new JsonFile(dir.resolve("endpoints.json"), "It is recreated automatically");
    }

    /** The path of the file. */
    public Path path() {
        return file.path();
    }

    /** Writes the file, unless it already has this content. */
    public synchronized void write(Content content) throws IOException {
        if (last == null) {
            last = readable();
        }
        if (!content.equals(last)) {
            file.write(content);
            last = content;
        }
    }

    /** The content that an earlier daemon wrote; null if it cannot be read, because the file is replaced in this case. */
    private Content readable() {
        try {
            return file.read(Content.class).orElse(null);
        } catch (IOException e) {
            return null;
        }
    }
}
