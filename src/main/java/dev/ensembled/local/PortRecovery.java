package dev.ensembled.local;

import dev.ensembled.local.process.Directories;
import dev.ensembled.local.process.Ports;
import dev.ensembled.local.process.ServerDisk;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the ports of servers from the memberships that each server keeps beside its data. */
record PortRecovery(Directories directories) {
    private static final Pattern SERVER = Pattern.compile(
            "server\\.([0-9]{1,6})=[^:]+:([0-9]{1,5}):([0-9]{1,5})(?::[a-z]+)?;(?:[^:]+:)?([0-9]{1,5})");

    /** The ports of an ensemble's servers, as far as a membership contains them. */
    SortedMap<Integer, Ports> of(EnsembleId ensemble) throws IOException {
        SortedMap<Integer, Ports> ports = new TreeMap<>();
        for (int id : directories.withData(ensemble)) {
            Path membership = new ServerDisk(directories.files(ensemble, id), ensemble, id).membership();
            if (Files.exists(membership)) {
                read(Files.readString(membership, StandardCharsets.ISO_8859_1), ports);
            }
        }
        return ports;
    }

    private static void read(String membership, SortedMap<Integer, Ports> ports) {
        Matcher server = SERVER.matcher(membership);
        while (server.find()) {
            ports.putIfAbsent(
                    Integer.parseInt(server.group(1)),
                    Ports.ofMember(
                            Integer.parseInt(server.group(4)),
                            Integer.parseInt(server.group(2)),
                            Integer.parseInt(server.group(3))));
        }
    }
}
