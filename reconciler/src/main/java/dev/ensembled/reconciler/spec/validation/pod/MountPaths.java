package dev.ensembled.reconciler.spec.validation.pod;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a volume may be mounted in the server's container: neither at, below nor above the paths that the server reads
 * and writes.
 */
final class MountPaths {
    private static final List<String> OURS = List.of(
            "/data", "/datalog", "/conf", "/logs", "/tmp", "/ensembled", "/ensembled-start-permit", "/ensembled-super");

    private static final List<String> OF_THE_IMAGE = List.of(
            "/bin",
            "/sbin",
            "/lib",
            "/lib32",
            "/lib64",
            "/libx32",
            "/usr",
            "/opt/java",
            "/dev",
            "/proc",
            "/sys",
            "/docker-entrypoint.sh",
            "/etc/alternatives",
            "/etc/gai.conf",
            "/etc/host.conf",
            "/etc/hostname",
            "/etc/hosts",
            "/etc/ld.so.cache",
            "/etc/ld.so.conf",
            "/etc/ld.so.conf.d",
            "/etc/ld.so.preload",
            "/etc/nsswitch.conf",
            "/etc/resolv.conf");

    private static final String ZOOKEEPER = "/apache-zookeeper";

    private MountPaths() {}

    /** Why no volume may be mounted at a path; empty if one may. */
    static Optional<String> objection(String path) {
        String mount = normal(path);
        Optional<String> own =
                OURS.stream().filter(other -> overlap(mount, other)).findFirst();
        if (own.isPresent()) {
            return Optional.of("overlaps with " + own.get() + ", where ensembled mounts a volume: use another path");
        }
        Stream<String> image = Stream.concat(
                OF_THE_IMAGE.stream().filter(other -> overlap(mount, other)),
                Stream.of(ZOOKEEPER).filter(mount::startsWith));
        return image.findFirst()
                .map(other -> "would hide " + other
                        + " of the image, which the server needs: use another path, such as one below /mnt");
    }

    private static boolean overlap(String one, String other) {
        return one.equals(other) || isAbove(one, other) || isAbove(other, one);
    }

    private static boolean isAbove(String upper, String lower) {
        return lower.startsWith(upper.equals("/") ? "/" : upper + "/");
    }

    /** The path as a kernel resolves it: absolute, without empty parts and dots. */
    private static String normal(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return "/" + String.join("/", parts);
    }
}
