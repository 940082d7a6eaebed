package dev.ensembled.reconciler.spec;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The string constants in the classes of a jar, by class (JVM specification, 4.4).
 *
 * @param byClass by the name of the class, with slashes
 */
public record ClassConstants(Map<String, Set<String>> byClass) {
    private static final String SUFFIX = ".class";

    public static ClassConstants of(Path jar) throws IOException {
        Map<String, Set<String>> byClass = new TreeMap<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                if (entry.getName().endsWith(SUFFIX)) {
                    byte[] content = zip.getInputStream(entry).readAllBytes();
                    String name = entry.getName();
                    byClass.put(name.substring(0, name.length() - SUFFIX.length()), strings(content));
                }
            }
        }
        return new ClassConstants(byClass);
    }

    public Set<String> of(String className) {
        return byClass.get(className);
    }

    public Set<String> all() {
        return byClass.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    }

    private static Set<String> strings(byte[] content) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
        in.skipNBytes(8);
        int count = in.readUnsignedShort();
        Map<Integer, String> texts = new HashMap<>();
        Set<Integer> strings = new HashSet<>();
        for (int index = 1; index < count; index++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> texts.put(index, in.readUTF());
                case 8 -> strings.add(in.readUnsignedShort());
                case 7, 16, 19, 20 -> in.skipNBytes(2);
                case 15 -> in.skipNBytes(3);
                case 5, 6 -> {
                    in.skipNBytes(8);
                    index++;
                }
                default -> in.skipNBytes(4);
            }
        }
        return strings.stream().map(texts::get).collect(Collectors.toSet());
    }
}
