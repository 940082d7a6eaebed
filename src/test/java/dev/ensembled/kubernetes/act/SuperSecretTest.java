package dev.ensembled.kubernetes.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.junit.jupiter.api.Test;

class SuperSecretTest {
    private static final ObjectNames NAMES = new ObjectNames(new EnsembleId("streaming", "kafka"));

    @Test
    void secretDigestEqualsTheDigestOfZooKeeper() throws NoSuchAlgorithmException {
        SuperSecret secret = new SuperSecret(SuperSecret.create(NAMES, 0));

        assertThat(secret.passwords()).hasSize(1).allSatisfy(password -> assertThat(password)
                .hasSizeGreaterThan(40));
        assertThat("super:" + secret.digest().orElseThrow())
                .isEqualTo(DigestAuthenticationProvider.generateDigest(
                        "super:" + secret.passwords().get(0)));
    }

    @Test
    void secretOptsOutOfOtherToolsEvenIfItIsOlder() {
        Secret made = SuperSecret.create(NAMES, 0);
        Secret former = new SecretBuilder(made)
                .editMetadata()
                .withAnnotations(Map.of("ensembled.dev/rotation", "0"))
                .endMetadata()
                .build();

        assertThat(new SuperSecret(made).marked()).isTrue();
        assertThat(new SuperSecret(former).marked()).isFalse();
        SuperSecret renewed = new SuperSecret(new SuperSecret(former).renewed(0));
        assertThat(renewed.marked()).isTrue();
        assertThat(renewed.passwords()).isEqualTo(new SuperSecret(made).passwords());
    }

    @Test
    void passwordsAreUnique() {
        assertThat(new SuperSecret(SuperSecret.create(NAMES, 0)).passwords())
                .isNotEqualTo(new SuperSecret(SuperSecret.create(NAMES, 0)).passwords());
    }

    @Test
    void aRotationKeepsThePasswordThatServersStillHave() {
        SuperSecret first = new SuperSecret(SuperSecret.create(NAMES, 0));

        SuperSecret second = new SuperSecret(first.renewed(1));

        assertThat(second.passwords()).hasSize(2).endsWith(first.passwords().get(0));
        assertThat(second.digest()).isNotEqualTo(first.digest());
        assertThat(second.rotation()).isEqualTo(1);
        assertThat(second.whole()).isTrue();
    }

    @Test
    void changedDigestIsRecomputedFromTheSamePassword() {
        Secret made = SuperSecret.create(NAMES, 3);
        Secret changed =
                new SecretBuilder(made).addToData(Map.of("digest", "eA==")).build();

        assertThat(new SuperSecret(changed).whole()).isFalse();
        SuperSecret renewed = new SuperSecret(new SuperSecret(changed).renewed(3));

        assertThat(renewed.digest()).isEqualTo(new SuperSecret(made).digest());
        assertThat(renewed.passwords()).isEqualTo(new SuperSecret(made).passwords());
    }

    @Test
    void secretTextRevealsNothing() {
        SuperSecret secret = new SuperSecret(SuperSecret.create(NAMES, 0));

        assertThat(secret.toString())
                .doesNotContain(secret.passwords().get(0), secret.digest().orElseThrow());
    }
}
