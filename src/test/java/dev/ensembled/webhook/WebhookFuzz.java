package dev.ensembled.webhook;

import dev.ensembled.fuzz.FuzzCount;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Deliveries of webhooks: lines with headers, an empty line, and the body. A delivery is verified only if its header has the
 * signature of the body or the token; any body of a verified delivery leads to a hint.
 */
public final class WebhookFuzz {
    private static final String SECRET = "a secret of the webhook";
    private static final List<Secret> SECRETS = Secret.parse(SECRET);
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    private WebhookFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\n\n");
        byte[] body = Arrays.copyOfRange(input, end < 0 ? 0 : end + 2, input.length);
        Map<String, List<String>> headers = headers(end < 0 ? "" : text.substring(0, end));
        Delivery delivery = new Delivery(headers, body);
        Verification verified = Verification.of(delivery, SECRETS, NOW);
        require(
                verified.provider().isEmpty() || proves(headers, body),
                "verified without a proof: " + verified.provider());
        require(
                verified.provider().isPresent()
                        != verified.refusal().lines().findAny().isPresent(),
                "expected a reason exactly for what is refused: " + verified);
        signed(body);
        secret(text);
        if (verified.provider().isPresent()) {
            FuzzCount.accepted();
        } else {
            FuzzCount.refused();
        }
    }

    /** As it is sent by forges that know the secret. */
    private static void signed(byte[] body) {
        Delivery delivery =
                new Delivery(Map.of("X-Hub-Signature-256", List.of("sha256=" + Hmac.sha256(SECRET, body))), body);
        Verification verified = Verification.of(delivery, SECRETS, NOW);
        require(verified.provider().isPresent(), "a correct signature is refused: " + verified.refusal());
        Hint hint = Hint.of(verified.provider().get(), delivery, ref -> ref.equals("refs/heads/main"));
        boolean others = Payload.read(body)
                .refs()
                .filter(refs -> !refs.contains("refs/heads/main"))
                .isPresent();
        require(hint != Hint.OTHER_REF || others, "a push that may concern the source leads to no fetch");
        require(hint != Hint.FETCH || !others, "a push to other references leads to a fetch");
    }

    private static boolean proves(Map<String, List<String>> headers, byte[] body) {
        String mac = Hmac.sha256(SECRET, body);
        return headers.values().stream()
                .flatMap(List::stream)
                .anyMatch(value ->
                        value.equalsIgnoreCase(mac) || value.equalsIgnoreCase("sha256=" + mac) || value.equals(SECRET));
    }

    private static Map<String, List<String>> headers(String text) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        text.lines().forEach(line -> {
            int colon = Math.max(0, line.indexOf(':'));
            headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                    .add(line.substring(Math.min(line.length(), colon + 1)).strip());
        });
        return headers;
    }

    private static void secret(String file) {
        try {
            require(!Secret.parse(file).isEmpty(), "no secret, and no error");
        } catch (IllegalArgumentException e) {
            file.lines()
                    .filter(line -> line.strip().length() >= Secret.SHORTEST)
                    .forEach(line -> require(!e.getMessage().contains(line.strip()), "the error has the secret"));
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    public static void fuzzerTearDown() {
        FuzzCount.print();
    }
}
