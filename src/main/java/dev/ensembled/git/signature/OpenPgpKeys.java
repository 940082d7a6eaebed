package dev.ensembled.git.signature;

import dev.ensembled.git.settings.DisplayText;
import dev.ensembled.git.settings.SourceFailedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.bcpg.ArmoredInputStream;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.api.OpenPGPCertificate;
import org.bouncycastle.openpgp.api.OpenPGPDefaultPolicy;
import org.bouncycastle.openpgp.api.bc.BcOpenPGPImplementation;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;

/** The mounted OpenPGP public keys, each with its user ids, subkeys and revocations. */
record OpenPgpKeys(List<OpenPGPCertificate> certificates) {
    private static final String BEGIN = "-----BEGIN PGP ";
    private static final String EXPORT =
            "Export the public key with \"gpg --armor --export FINGERPRINT\", and mount the output.";
    private static final int MOST_KEYS = 1_000;

    OpenPgpKeys {
        certificates = List.copyOf(certificates);
    }

    static OpenPgpKeys read(List<KeyFile> files) throws SourceFailedException {
        List<OpenPGPCertificate> all = new ArrayList<>();
        for (KeyFile file : files) {
            int before = all.size();
            for (InputStream block : blocks(file)) {
                readBlock(file, block, all);
            }
            if (all.size() == before) {
                throw file.invalid("contains no OpenPGP public key", EXPORT);
            }
        }
        return new OpenPgpKeys(all);
    }

    /** A file may have several armored blocks, or is binary. */
    private static List<InputStream> blocks(KeyFile file) throws SourceFailedException {
        String text = new String(file.content(), StandardCharsets.ISO_8859_1);
        int begin = text.indexOf(BEGIN);
        if (begin < 0) {
            return List.of(new ByteArrayInputStream(file.content()));
        }
        List<InputStream> blocks = new ArrayList<>();
        while (begin >= 0) {
            int next = text.indexOf(BEGIN, begin + 1);
            String block = text.substring(begin, next < 0 ? text.length() : next);
            try {
                blocks.add(
                        new ArmoredInputStream(new ByteArrayInputStream(block.getBytes(StandardCharsets.ISO_8859_1))));
            } catch (IOException e) {
                throw unreadable(file, e);
            }
            begin = next;
        }
        return blocks;
    }

    private static void readBlock(KeyFile file, InputStream block, List<OpenPGPCertificate> all)
            throws SourceFailedException {
        BcOpenPGPImplementation library = new BcOpenPGPImplementation();
        try {
            BcPGPObjectFactory objects = new BcPGPObjectFactory(block);
            for (Object found = objects.nextObject(); found != null; found = objects.nextObject()) {
                if (found instanceof PGPSecretKeyRing) {
                    throw file.invalid(
                            "contains a private key, which does not belong here",
                            "Remove it from the cluster, consider it as disclosed, and mount the public key: "
                                    + EXPORT);
                }
                if (!(found instanceof PGPPublicKeyRing ring)) {
                    throw file.invalid("contains something else than OpenPGP public keys", EXPORT);
                }
                if (all.size() >= MOST_KEYS) {
                    throw file.invalid(
                            "has more keys than the maximum of " + MOST_KEYS, "Mount only the keys of signers.");
                }
                all.add(new OpenPGPCertificate(ring, library, new OpenPGPDefaultPolicy()));
            }
        } catch (IOException | RuntimeException e) {
            throw unreadable(file, e);
        }
    }

    private static SourceFailedException unreadable(KeyFile file, Exception cause) {
        return file.invalid(
                "cannot be read as OpenPGP public keys: " + DisplayText.oneLine(String.valueOf(cause.getMessage())),
                EXPORT);
    }
}
