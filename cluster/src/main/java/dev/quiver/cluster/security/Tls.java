package dev.quiver.cluster.security;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Encryption by the JDK's TLS, with the cluster's own authority: nobody else's certificates are
/// believed.
public final class Tls {
    private static final String[] PROTOCOLS = {"TLSv1.3"};
    private static final char[] IN_MEMORY = {};
    private static final byte[] PROBE = {1, 2, 3, 4, 5, 6, 7, 8};

    private final List<X509Certificate> authorities;
    private final List<X509Certificate> chain;
    private final @Nullable PrivateKey key;

    private Tls(
            List<X509Certificate> authorities,
            List<X509Certificate> chain,
            @Nullable PrivateKey key) {
        this.authorities = authorities;
        this.chain = chain;
        this.key = key;
    }

    /// Of a process with a certificate.
    ///
    /// @throws QuiverException CONFIG_INVALID when a file isn't what it should be, others may read
    ///   the key, or they don't belong together
    public static Tls of(Path ca, Path certificate, Path key) {
        var tls =
                new Tls(
                        authority(ca),
                        Pem.certificates(certificate, "the own certificate"),
                        Pem.key(key));
        tls.requireMatch(certificate, key);
        return tls;
    }

    /// Of a process that proves who it is otherwise.
    ///
    /// @throws QuiverException CONFIG_INVALID when the file holds no certificate
    public static Tls of(Path ca) {
        return new Tls(authority(ca), List.of(), null);
    }

    private static List<X509Certificate> authority(Path ca) {
        return Pem.certificates(ca, "the certificate of the cluster's authority");
    }

    /// The process's own certificate.
    Optional<PeerCertificate> own() {
        return chain.stream().findFirst().map(PeerCertificate::new);
    }

    /// Refuses to be a node of that name without a certificate that says so.
    ///
    /// @throws QuiverException CONFIG_INVALID
    public void requireNode(String host) {
        PeerCertificate own =
                own().orElseThrow(() ->
                        notNode(
                                "there is no certificate of this node",
                                List.of(),
                                "set cluster.tls.certificate and cluster.tls.key, too"));
        if (!own.isNode())
            throw notNode(
                    "the certificate of '%s' isn't one of a node".formatted(own.name()),
                    List.of(),
                    "use the one that 'quiver certs --node %s' makes".formatted(host));
        if (!own.isFor(host))
            throw notNode(
                    "the certificate of '%s' isn't one for '%s'".formatted(own.name(), host),
                    List.of("it is for: " + String.join(", ", own.hosts())),
                    "listen on one of these, or use the one that 'quiver certs --node %s' makes"
                            .formatted(host));
    }

    private static QuiverException notNode(String what, List<String> where, String fix) {
        return new QuiverException(ErrorCode.CONFIG_INVALID, what, where, fix);
    }

    private void requireMatch(Path certificate, Path key) {
        try {
            requireSigned();
            authorities.getFirst().checkValidity();
            chain.getFirst().checkValidity();
        } catch (GeneralSecurityException e) {
            throw new QuiverException(
                    ErrorCode.CONFIG_INVALID,
                    "certificate and private key don't go together, or have expired",
                    List.of(
                            "certificate: " + certificate.toAbsolutePath(),
                            "key: " + key.toAbsolutePath(),
                            "cause: " + e.getMessage()),
                    "copy both from the same directory of 'quiver certs', or make them anew",
                    e);
        }
    }

    /// @throws GeneralSecurityException when the certificate's key doesn't verify what the own key
    ///   signs
    private void requireSigned() throws GeneralSecurityException {
        String algorithm = chain.getFirst().getPublicKey().getAlgorithm();
        Signature signature =
                Signature.getInstance(
                        switch (algorithm) {
                            case "EC" -> "SHA256withECDSA";
                            case "RSA" -> "SHA256withRSA";
                            default -> algorithm;
                        });
        signature.initSign(key);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        signature.initVerify(chain.getFirst().getPublicKey());
        signature.update(PROBE);
        if (!signature.verify(signed))
            throw new GeneralSecurityException("the key isn't that of the certificate");
    }

    private KeyManager[] keys() throws GeneralSecurityException, IOException {
        if (key == null) return new KeyManager[0];
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, IN_MEMORY);
        store.setKeyEntry("own", key, IN_MEMORY, chain.toArray(X509Certificate[]::new));
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, IN_MEMORY);
        return factory.getKeyManagers();
    }

    private X509ExtendedTrustManager trust() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, IN_MEMORY);
        for (int i = 0; i < authorities.size(); i++)
            store.setCertificateEntry("ca" + i, authorities.get(i));
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers())
            if (manager instanceof X509ExtendedTrustManager all) return all;
        throw new IllegalStateException("the JDK trusts nobody");
    }

    /// For connections among nodes, where both sides show the certificate of a node.
    public SSLContext amongNodes() {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keys(), new TrustManager[] {new NodesOnly(trust())}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw unusable(e);
        }
    }

    /// For servers that browsers call, and for calls of such servers.
    public SSLContext forHttps() {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keys(), new TrustManager[] {trust()}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw unusable(e);
        }
    }

    /// Whether the own certificate is one for that name or address.
    public boolean isFor(String host) {
        return own().filter(certificate -> certificate.isFor(host)).isPresent();
    }

    /// For servers of Flight; who calls may show a certificate.
    public SslContext serving() {
        try {
            return GrpcSslContexts.configure(
                            SslContextBuilder.forServer(keys()[0])
                                    .trustManager(trust())
                                    .clientAuth(ClientAuth.OPTIONAL)
                                    .protocols(PROTOCOLS),
                            SslProvider.JDK)
                    .build();
        } catch (GeneralSecurityException | IOException e) {
            throw unusable(e);
        }
    }

    /// For connections to servers of Flight.
    public SslContext calling() {
        try {
            SslContextBuilder builder =
                    SslContextBuilder.forClient().trustManager(trust()).protocols(PROTOCOLS);
            if (key != null) builder.keyManager(keys()[0]);
            return GrpcSslContexts.configure(builder, SslProvider.JDK).build();
        } catch (GeneralSecurityException | IOException e) {
            throw unusable(e);
        }
    }

    private static IllegalStateException unusable(Exception cause) {
        String what = cause instanceof SSLException ? "no TLS 1.3" : "no certificates";
        return new IllegalStateException("this JDK can make " + what, cause);
    }
}
