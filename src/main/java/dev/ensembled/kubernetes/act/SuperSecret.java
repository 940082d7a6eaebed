package dev.ensembled.kubernetes.act;

import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.desired.OptOut;
import dev.ensembled.reconciler.desired.SuperCredentials;
import dev.ensembled.reconciler.desired.SuperPassword;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The Secret of a super user: the password, its digest, which servers are given, and after a rotation the previous
 * password. Its text is never disclosed.
 */
record SuperSecret(Secret secret) {
    private static final String PASSWORD = "password";
    private static final String PREVIOUS = "previous-password";
    private static final String DIGEST = "digest";
    private static final String ROTATION = "ensembled.dev/rotation";

    /** Creates a new Secret. */
    static Secret create(ObjectNames names, int rotation) {
        Secret empty = new SecretBuilder()
                .withNewMetadata()
                .withNamespace(names.id().namespace())
                .withName(names.superSecret())
                .withLabels(names.labels("super-user"))
                .endMetadata()
                .withType("Opaque")
                .build();
        return with(empty, SuperCredentials.create(rotation));
    }

    static boolean isOf(ObjectNames names, Secret secret) {
        return Objects.requireNonNullElse(secret.getMetadata().getLabels(), Map.<String, String>of())
                .entrySet()
                .containsAll(names.selector().entrySet());
    }

    /**
     * Returns this Secret as it should be: with another password if that is requested or if there is none, and with the
     * digest of its password in any case. The update applies only if the Secret has not changed since it was read.
     */
    Secret renewed(int requestedRotation) {
        Secret renewed = new SecretBuilder(secret)
                .withStringData(null)
                .editMetadata()
                .withManagedFields(List.of())
                .endMetadata()
                .build();
        return with(
                renewed,
                credentials()
                        .map(found -> found.rotatedTo(requestedRotation))
                        .orElseGet(() -> SuperCredentials.create(Math.max(rotation(), requestedRotation))));
    }

    /** Whether the digest is that of the password. */
    boolean whole() {
        return value(PASSWORD)
                .map(SuperPassword::new)
                .map(SuperPassword::digest)
                .equals(digest());
    }

    /** Whether the Secret is marked as not to be managed by other tools. */
    boolean marked() {
        return OptOut.isSaidBy(secret.getMetadata().getAnnotations());
    }

    int rotation() {
        String text = Objects.requireNonNullElse(secret.getMetadata().getAnnotations(), Map.<String, String>of())
                .getOrDefault(ROTATION, "");
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    }

    Optional<String> digest() {
        return value(DIGEST);
    }

    /** Returns the passwords, the newest first. */
    List<String> passwords() {
        return credentials().map(SuperCredentials::passwords).orElse(List.of());
    }

    /** Returns the credentials in this Secret; empty if it has no password. */
    private Optional<SuperCredentials> credentials() {
        return value(PASSWORD)
                .map(password -> new SuperCredentials(
                        new SuperPassword(password), value(PREVIOUS).map(SuperPassword::new), rotation()));
    }

    private Optional<String> value(String key) {
        return Optional.ofNullable(secret.getData())
                .map(data -> data.get(key))
                .map(encoded -> new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8))
                .filter(text -> !text.isBlank());
    }

    private static Secret with(Secret empty, SuperCredentials credentials) {
        Map<String, String> data = new TreeMap<>();
        data.put(PASSWORD, encoded(credentials.password().text()));
        data.put(DIGEST, encoded(credentials.password().digest()));
        credentials.previous().ifPresent(previous -> data.put(PREVIOUS, encoded(previous.text())));
        return new SecretBuilder(empty)
                .editMetadata()
                .addToAnnotations(OptOut.OF_OBJECTS)
                .addToAnnotations(ROTATION, String.valueOf(credentials.rotation()))
                .endMetadata()
                .withData(data)
                .build();
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "SuperSecret of " + secret.getMetadata().getName();
    }
}
