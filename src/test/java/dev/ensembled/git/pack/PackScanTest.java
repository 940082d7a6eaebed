package dev.ensembled.git.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ensembled.git.GitCommand;
import dev.ensembled.git.failure.LimitExceededException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packs that Git made and hostile packs, before they are parsed. */
class PackScanTest {
    private static final long ANY = Long.MAX_VALUE;
    private static final PackLimits NONE = new PackLimits(ANY, ANY, Integer.MAX_VALUE, ANY, ANY);

    @TempDir
    Path directory;

    @Test
    void aChainOfDifferencesCostsWhatIsInMemoryAtOnce() {
        DeltaMemory chain = new DeltaMemory();
        chain.whole(12, 1_000);
        chain.delta(100, 12, 2_000, 10);
        chain.delta(200, 100, 3_000, 20);
        assertThat(chain.peak()).as("an only child frees its base's base").isEqualTo(2_000 + 20 + 3_000);

        DeltaMemory tree = new DeltaMemory();
        tree.whole(12, 1_000);
        tree.delta(100, 12, 2_000, 10);
        tree.delta(200, 100, 3_000, 20);
        tree.delta(300, 12, 10, 1);
        assertThat(tree.peak()).as("a base with another child stays").isEqualTo(1_000 + 2_000 + 20 + 3_000);
        assertThat(tree.largest()).isEqualTo(3_000);

        DeltaMemory none = new DeltaMemory();
        none.whole(12, 1_000_000);
        assertThat(none.peak()).as("a file that was sent as it is streams").isZero();
        assertThat(none.delta(50, 13, 1, 1)).as("no object there").isFalse();
    }

    @Test
    void packOfGitPassesAtAnyChunkSizeWithinTheLimits() throws Exception {
        byte[] pack = packOfSimilarFiles();
        for (int chunk : new int[] {1, 7, 4096, pack.length}) {
            assertThat(through(pack, chunk, NONE)).isEqualTo(pack);
            assertThatThrownBy(() -> through(pack, chunk, new PackLimits(ANY, ANY, 1000, ANY, 100_000)))
                    .isInstanceOf(LimitExceededException.class)
                    .hasMessageContaining("resolving the deltas of the pack");
        }
        through(pack, 4096, new PackLimits(pack.length, 2_000_000, 30, 10_000, 800_000));
        assertThatThrownBy(() -> through(pack, 4096, new PackLimits(pack.length - 1, ANY, 1000, ANY, ANY)))
                .hasMessageContaining("the pack exceeds");
        assertThatThrownBy(() -> through(pack, 4096, new PackLimits(ANY, 100_000, 1000, ANY, ANY)))
                .hasMessageContaining("after decompression");
        assertThatThrownBy(() -> through(pack, 4096, new PackLimits(ANY, ANY, 3, ANY, ANY)))
                .hasMessageContaining("more than 3 objects");
        assertThatThrownBy(() -> through(pack, 4096, new PackLimits(ANY, ANY, 1000, 50, ANY)))
                .hasMessageContaining("a tree, commit or tag object");
    }

    @Test
    void packWithAFalseHeaderIsRefusedBeforeAllocation() throws Exception {
        PackLimits limits = PackLimits.ofThisProcess();

        assertThatThrownBy(() -> through(pack(0x7fff_ffff), 8192, limits)).isInstanceOf(LimitExceededException.class);
        byte[] tree = pack(1, 0b1010_0000, 0xff, 0xff, 0xff, 0x7f);
        assertThatThrownBy(() -> through(tree, 8192, limits)).isInstanceOf(LimitExceededException.class);
        byte[] impossible = pack(1, 0xb0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01);
        assertThatThrownBy(() -> through(impossible, 8192, limits)).hasMessageContaining("invalid size");
    }

    @Test
    void aSmallDifferenceWithAHugeResultIsRefused() throws Exception {
        ByteArrayOutputStream pack = new ByteArrayOutputStream();
        pack.write(pack(2));
        pack.write(0x30 | 4);
        pack.write(deflated("base".getBytes(StandardCharsets.UTF_8)));
        int base = pack.size() - 12;
        byte[] delta = {4, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 8, 1, 'x'};
        pack.write(0x60 | delta.length);
        pack.write(base);
        pack.write(deflated(delta));
        pack.write(new byte[20]);

        assertThatThrownBy(() -> through(pack.toByteArray(), 8192, PackLimits.ofThisProcess()))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("largest object has 2048 MiB");
    }

    @Test
    void bytesThatAreNoPackAreLeftToTheirReader() throws Exception {
        byte[] text = "<html>welcome, with more than a header</html>".getBytes(StandardCharsets.UTF_8);

        assertThat(through(text, 5, PackLimits.ofThisProcess())).isEqualTo(text);
    }

    private static byte[] through(byte[] pack, int chunk, PackLimits limits) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ScannedStream in = new ScannedStream(new ByteArrayInputStream(pack), new PackScan(limits));
        byte[] buffer = new byte[chunk];
        for (int count = in.read(buffer, 0, chunk); count >= 0; count = in.read(buffer, 0, chunk)) {
            out.write(buffer, 0, count);
        }
        return out.toByteArray();
    }

    private static byte[] pack(int objects, int... more) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeBytes("PACK");
        out.writeInt(2);
        out.writeInt(objects);
        for (int value : more) {
            out.write(value);
        }
        return bytes.toByteArray();
    }

    private static byte[] deflated(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private byte[] packOfSimilarFiles() throws Exception {
        GitCommand.git(directory, "init", "-q", ".");
        java.util.Random random = new java.util.Random(1);
        StringBuilder text = new StringBuilder();
        while (text.length() < 100_000) {
            text.append(Long.toHexString(random.nextLong())).append('\n');
        }
        for (int file = 0; file < 10; file++) {
            Files.writeString(
                    directory.resolve("f" + file),
                    text.append("line ").append(file).append('\n'));
        }
        GitCommand.git(directory, "add", "-A");
        GitCommand.git(directory, "commit", "-qm", "First");
        GitCommand.git(directory, "repack", "-q", "-a", "-d", "-f");
        try (Stream<Path> files = Files.list(directory.resolve(".git/objects/pack"))) {
            return Files.readAllBytes(files.filter(file -> file.toString().endsWith(".pack"))
                    .findFirst()
                    .orElseThrow());
        }
    }
}
