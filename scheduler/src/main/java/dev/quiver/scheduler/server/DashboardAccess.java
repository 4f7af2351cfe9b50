package dev.quiver.scheduler.server;

import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// Who may look at a dashboard that other machines reach, and by what it proves that it is the one
/// that they mean.
public interface DashboardAccess {
    /// The address of this machine that it listens on.
    String host();

    /// Whether that is a name of this machine. Who asks by another one was led here by somebody
    /// else.
    boolean isCalled(String name);

    /// For its connections. Who connects may show a certificate; one of another authority is
    /// refused.
    SSLContext tls();

    /// Who has that token, when he may look; takes the same time for all that are wrong.
    Optional<String> owner(String token);

    /// Who has that certificate, when he may look.
    ///
    /// @param certificate of the authority that `tls()` believes
    Optional<String> owner(X509Certificate certificate);
}
