package dev.ensembled.git.signature;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A commit or tag, divided into what was signed and the signature, as Git divides it: the signature of a commit is in its
 * header {@code gpgsig}, the signature of a tag at the end of its message.
 *
 * @param payload the bytes that were signed
 * @param signature the armored signature, as text in ISO 8859-1
 * @param format the kind of the signature
 * @param time when the object was made, by the clock of the committer or tagger
 */
@SuppressWarnings("ArrayRecordComponent") // never changed, and never compared
record SignedObject(byte[] payload, String signature, Format format, Instant time) {
    private static final int LARGEST_SIGNATURE = 64 * 1024;
    private static final String HEADER = "gpgsig";
    private static final Pattern ARMOR = Pattern.compile("^-----BEGIN ([A-Z0-9 ]{1,40})-----$", Pattern.MULTILINE);
    private static final Pattern TIME =
            Pattern.compile("^(?:committer|tagger) .*> (\\d{1,11}) [-+]\\d{4}$", Pattern.MULTILINE);

    /** The kinds of signatures that can be checked. */
    enum Format {
        OPENPGP("PGP SIGNATURE"),
        SSH("SSH SIGNATURE");

        private final String armor;

        Format(String armor) {
            this.armor = armor;
        }

        String begin() {
            return "-----BEGIN " + armor + "-----";
        }

        String end() {
            return "-----END " + armor + "-----";
        }
    }

    static SignedObject ofCommit(byte[] content) throws RefusedException {
        ByteArrayOutputStream payload = new ByteArrayOutputStream(content.length);
        ByteArrayOutputStream signature = new ByteArrayOutputStream();
        int signatures = 0;
        boolean inSignature = false;
        boolean inOther = false;
        int start = 0;
        while (start < content.length && content[start] != '\n') {
            int end = lineEnd(content, start);
            boolean continued = content[start] == ' ';
            if (!continued) {
                String name = headerName(content, start, end);
                inSignature = name.equals(HEADER);
                // As Git: the signature for the other object format is not part of what was signed.
                inOther = !inSignature && name.startsWith(HEADER);
                signatures += inSignature ? 1 : 0;
            }
            if (inSignature) {
                int skipped = continued ? 1 : HEADER.length() + 1;
                signature.write(content, start + skipped, Math.max(0, end - start - skipped));
            } else if (!inOther) {
                payload.write(content, start, end - start);
            }
            start = end;
        }
        payload.write(content, start, content.length - start);
        if (signatures == 0) {
            throw new RefusedException(Reason.UNSIGNED, "it has no header gpgsig");
        }
        if (signatures > 1) {
            throw new RefusedException(
                    Reason.MALFORMED, "it has " + signatures + " headers gpgsig; the maximum is one");
        }
        return of(payload.toByteArray(), signature.toByteArray(), "tree ");
    }

    static SignedObject ofTag(byte[] content) throws RefusedException {
        // As Git: the last line that begins an armored signature.
        String text = latin1(content);
        Matcher begin = ARMOR.matcher(text);
        int body = text.indexOf("\n\n");
        int found = -1;
        while (begin.find()) {
            boolean signature =
                    begin.group(1).endsWith("SIGNATURE") || begin.group(1).endsWith("MESSAGE");
            found = signature && body >= 0 && begin.start() > body ? begin.start() : found;
        }
        if (found < 0) {
            throw new RefusedException(Reason.UNSIGNED, "its message does not end with a signature");
        }
        return of(Arrays.copyOf(content, found), Arrays.copyOfRange(content, found, content.length), "object ");
    }

    private static SignedObject of(byte[] payload, byte[] signature, String beginning) throws RefusedException {
        if (signature.length > LARGEST_SIGNATURE) {
            throw new RefusedException(Reason.MALFORMED, "it is larger than " + LARGEST_SIGNATURE / 1024 + " KiB");
        }
        String text = latin1(payload);
        if (!text.startsWith(beginning)) {
            throw new RefusedException(
                    Reason.MALFORMED, "the object does not begin with \"" + beginning.strip() + "\"");
        }
        String armored = latin1(signature);
        Format format = format(armored);
        return new SignedObject(payload, single(armored, format), format, time(text));
    }

    private static Format format(String armored) throws RefusedException {
        Matcher begin = ARMOR.matcher(armored);
        if (!begin.lookingAt()) {
            throw new RefusedException(Reason.MALFORMED, "it does not begin with \"-----BEGIN\"");
        }
        Optional<Format> known = Arrays.stream(Format.values())
                .filter(format -> format.armor.equals(begin.group(1)))
                .findFirst();
        return known.orElseThrow(() -> new RefusedException(
                Reason.UNSUPPORTED,
                begin.group(1).equals("SIGNED MESSAGE") ? "X.509 (S/MIME)" : "\"" + begin.group(1) + "\""));
    }

    /** One armored block, and nothing after it: text after it would look signed to people, and it is not. */
    private static String single(String armored, Format format) throws RefusedException {
        String stripped = armored.replaceAll("[ \\t\\r\\n]+\\z", "");
        int end = stripped.indexOf(format.end());
        if (end < 0 || end + format.end().length() != stripped.length()) {
            throw new RefusedException(
                    Reason.MALFORMED, "it does not end with \"" + format.end() + "\", or is not the only one");
        }
        return stripped + "\n";
    }

    private static Instant time(String payload) throws RefusedException {
        int headers = payload.indexOf("\n\n");
        Matcher time = TIME.matcher(headers < 0 ? payload : payload.substring(0, headers));
        if (!time.find()) {
            throw new RefusedException(Reason.MALFORMED, "the object has no time of its committer or tagger");
        }
        return Instant.ofEpochSecond(Long.parseLong(time.group(1)));
    }

    private static int lineEnd(byte[] content, int start) {
        int end = start;
        while (end < content.length && content[end] != '\n') {
            end++;
        }
        return Math.min(end + 1, content.length);
    }

    private static String headerName(byte[] content, int start, int end) {
        int space = start;
        while (space < end && content[space] != ' ' && content[space] != '\n') {
            space++;
        }
        return new String(content, start, space - start, StandardCharsets.ISO_8859_1);
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
