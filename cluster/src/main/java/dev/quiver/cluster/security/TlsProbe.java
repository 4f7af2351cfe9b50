package dev.quiver.cluster.security;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out whether a port is one of TLS, to tell somebody why it doesn't understand him. Nothing
/// is ever said there.
public final class TlsProbe {
    private static final Logger LOG = LoggerFactory.getLogger(TlsProbe.class);
    private static final int PATIENCE_MILLIS = 2_000;

    private TlsProbe() {}

    /// Believes nobody, and notes that somebody wanted to be believed.
    private static final class Noting implements X509TrustManager {
        private final AtomicBoolean asked = new AtomicBoolean();

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            throw new CertificateException("nobody is believed");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            asked.set(true);
            throw new CertificateException("it is one of TLS: that was all");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /// Whether a server of TLS is there.
    public static boolean isEncrypted(String host, int port) {
        var noting = new Noting();
        try (var plain = new Socket()) {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {noting}, null);
            plain.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
            plain.setSoTimeout(PATIENCE_MILLIS);
            try (var socket =
                    (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true)) {
                socket.startHandshake();
            }
        } catch (IOException | GeneralSecurityException e) {
            LOG.debug("{}:{} was looked at", host, port, e);
        }
        return noting.asked.get();
    }
}
