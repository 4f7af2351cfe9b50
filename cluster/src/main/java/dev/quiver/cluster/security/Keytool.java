package dev.quiver.cluster.security;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Makes keys and their certificates by the JDK's keytool.
///
/// @param scratch where its stores are while it runs, in a directory of their own
/// @param password of these stores
record Keytool(Path scratch, String password) {
    private static final String PASSWORD = "QUIVER_KEYTOOL_PASSWORD";
    private static final String TYPE = "PKCS12";
    private static final String MADE = "made";
    private static final String SIGNER = "signer";

    /// A certificate and its key.
    record Pair(X509Certificate certificate, PrivateKey key) {}

    /// What a certificate is to say.
    ///
    /// @param subject such as `CN=ada`
    /// @param extensions as keytool reads them
    record Wish(String subject, int days, List<String> extensions) {
        Wish {
            extensions = List.copyOf(extensions);
        }
    }

    /// A key with a certificate that it signed itself.
    Pair selfSigned(Wish wish) throws IOException, GeneralSecurityException {
        Path directory = Files.createTempDirectory(scratch, ".making");
        try {
            return make(directory.resolve("store"), wish, List.of());
        } finally {
            delete(directory);
        }
    }

    /// A key with a certificate that somebody signed.
    Pair signed(Pair signer, Wish wish) throws IOException, GeneralSecurityException {
        Path directory = Files.createTempDirectory(scratch, ".making");
        try {
            Path store = directory.resolve("store");
            save(signer, store);
            return make(store, wish, List.of("-signer", SIGNER));
        } finally {
            delete(directory);
        }
    }

    private void save(Pair signer, Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(TYPE);
        char[] secret = password.toCharArray();
        store.load(null, secret);
        store.setKeyEntry(SIGNER, signer.key(), secret, new Certificate[] {signer.certificate()});
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, secret);
        }
    }

    private Pair make(Path store, Wish wish, List<String> signing)
            throws IOException, GeneralSecurityException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-genkeypair", "-alias", MADE));
        command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        command.addAll(List.of("-dname", wish.subject()));
        // from yesterday on, for machines whose clocks are behind
        command.addAll(List.of("-startdate", "-1d", "-validity", "" + (wish.days() + 1)));
        command.addAll(List.of("-storetype", TYPE, "-keystore", store.toString()));
        command.addAll(List.of("-storepass:env", PASSWORD));
        command.addAll(signing);
        for (String extension : wish.extensions()) command.addAll(List.of("-ext", extension));
        run(command);
        KeyStore made = KeyStore.getInstance(store.toFile(), password.toCharArray());
        if (made.getKey(MADE, password.toCharArray()) instanceof PrivateKey key
                && made.getCertificate(MADE) instanceof X509Certificate certificate)
            return new Pair(certificate, key);
        throw new IOException("keytool made no key");
    }

    private void run(List<String> command) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put(PASSWORD, password);
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) throw new IOException("keytool: " + said.strip());
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList())
                Files.deleteIfExists(file);
        }
    }
}
