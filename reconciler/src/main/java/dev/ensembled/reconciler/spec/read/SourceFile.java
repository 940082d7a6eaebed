package dev.ensembled.reconciler.spec.read;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One file of a commit.
 *
 * @param path the path relative to the root of the repository
 * @param text the content of the file; empty if it was refused
 * @param refusal why the content is not read; empty if it is read
 */
public record SourceFile(String path, String text, Optional<Unreadable> refusal) {

    /**
     * Why a file with the name of a YAML file is not read.
     *
     * @param why the reason (too large, a symbolic link, not UTF-8) and what to do
     * @param ours whether the readable part of the file mentions our kind; if so, the refusal is a violation, otherwise
     *     a note
     */
    public record Unreadable(String why, boolean ours) {}

    public static SourceFile of(String path, String text) {
        return new SourceFile(path, text, Optional.empty());
    }

    /** A file whose bytes are text in UTF-8, with or without a byte order mark; refused if they are not. */
    public static SourceFile of(String path, byte[] content) {
        return decoded(content)
                .map(text -> of(path, text))
                .orElseGet(() -> refused(path, "the file is not encoded in UTF-8: convert it", content));
    }

    /**
     * A file that is not read.
     *
     * @param seen the part of its content that could be read
     */
    public static SourceFile refused(String path, String why, byte[] seen) {
        return new SourceFile(path, "", Optional.of(new Unreadable(why, KindDetector.isOurs(readablePart(seen)))));
    }

    /** Whether the file has any content. */
    boolean hasContent() {
        return refusal.isPresent() || !text.isBlank();
    }

    /**
     * Text decoded from UTF-8; empty if it is not UTF-8 or has zeros, which are valid but in no text: UTF-16 pads ASCII
     * with them.
     */
    static Optional<String> decoded(byte[] content) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text)
                    .filter(read -> read.indexOf('\0') < 0);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The readable part of bytes in any encoding that contains ASCII: UTF-16 and UTF-32 pad it with zeros. */
    static String readablePart(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1).replace("\0", "");
        return text.replaceFirst("^(?:\u00EF\u00BB\u00BF|\u00FE\u00FF|\u00FF\u00FE)", "");
    }
}
