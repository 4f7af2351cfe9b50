package dev.quiver.cluster.security;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Certificates and private keys as PEM.
final class Pem {
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String KEY = "PRIVATE KEY";
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");
    private static final int LINE = 64;

    private Pem() {}

    /// The certificates of a file, at least one.
    ///
    /// @param role what they are, such as `the certificate of the authority`
    /// @throws QuiverException CONFIG_INVALID when it holds none
    static List<X509Certificate> certificates(Path file, String role) {
        try (InputStream in = Files.newInputStream(file)) {
            List<X509Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (!all.isEmpty()) return all;
        } catch (IOException e) {
            throw OwnerFile.unreadable(file, role, e);
        } catch (CertificateException e) {
            throw malformed(file, role + " isn't one", "give a PEM file: BEGIN CERTIFICATE", e);
        }
        throw malformed(
                file,
                role + " isn't one",
                "give a PEM file: BEGIN CERTIFICATE",
                new CertificateException("the file holds no certificate"));
    }

    /// The private key of a file that only its owner reads.
    ///
    /// @throws QuiverException CONFIG_INVALID when it holds none, or others may read it
    static PrivateKey key(Path file) {
        String role = "the private key";
        Matcher block = BLOCK.matcher(OwnerFile.read(file, role));
        if (!block.find())
            throw malformed(
                    file,
                    role + " isn't one that is read here",
                    "give it as PKCS #8 without a password: openssl pkcs8 -topk8 -nocrypt",
                    new IOException("there is no BEGIN PRIVATE KEY"));
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(block.group(1));
            return key(new PKCS8EncodedKeySpec(bytes));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw malformed(file, role + " is malformed", "copy it once more, or make it anew", e);
        }
    }

    private static PrivateKey key(PKCS8EncodedKeySpec encoded) throws GeneralSecurityException {
        InvalidKeySpecException last = new InvalidKeySpecException("of no algorithm");
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                last = e;
            }
        }
        throw last;
    }

    private static QuiverException malformed(Path file, String what, String fix, Exception cause) {
        return new QuiverException(
                ErrorCode.CONFIG_INVALID,
                what,
                List.of("file: " + file.toAbsolutePath(), "cause: " + cause.getMessage()),
                fix,
                cause);
    }

    static String text(X509Certificate certificate) {
        try {
            return block(CERTIFICATE, certificate.getEncoded());
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate that was read can't be written", e);
        }
    }

    static String text(PrivateKey key) {
        return block(KEY, key.getEncoded());
    }

    private static String block(String type, byte[] content) {
        Base64.Encoder lines =
                Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII));
        return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
                .formatted(type, lines.encodeToString(content), type);
    }
}
