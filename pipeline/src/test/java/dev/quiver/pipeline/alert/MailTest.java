package dev.quiver.pipeline.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/// Mail reaches a server that speaks SMTP, encrypted and with a login.
final class MailTest {
    private static final String PASSWORD = "changeit";
    private static SSLContext context;

    @TempDir private static Path directory;

    private final CopyOnWriteArrayList<String> received = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void makeCertificate() throws Exception {
        Path file = directory.resolve("keys.p12");
        String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process made =
                new ProcessBuilder(
                                tool,
                                "-genkeypair",
                                "-alias",
                                "smtp",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "SAN=dns:localhost,ip:127.0.0.1",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                file.toString(),
                                "-storepass",
                                PASSWORD,
                                "-keypass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .start();
        String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(made.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(made.exitValue()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD.toCharArray());
        var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
    }

    private static AlertMessage message() {
        return new AlertMessage(
                Instant.parse("2026-06-01T12:00:00Z"),
                "flüge",
                "failed",
                false,
                "flüge-1",
                Path.of("ledger"),
                "pipeline 'flüge' stopped in extract: no file 'in.csv'",
                List.of("looked in: /data"),
                "check the path");
    }

    private SMTPServer.Builder server() {
        return SMTPServer.port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .messageHandler((_, from, to, data) ->
                        received.add(
                                from + " " + to + "\n" + new String(data, StandardCharsets.UTF_8)));
    }

    @Test
    void it_is_encrypted_and_logs_in() throws Exception {
        SMTPServer server =
                server().startTlsSocketFactory(context)
                        .requireTLS()
                        .requireAuth()
                        .authenticationHandlerFactory(
                                new EasyAuthenticationHandlerFactory((user, password, _) -> {
                                    if (!user.equals("quiver") || !password.equals("s3cret"))
                                        throw new LoginFailedException();
                                }))
                        .build();
        server.start();
        try {
            Mail mail =
                    Mail.to("ops@example.org")
                            .from("quiver@example.org")
                            .server("localhost", server.getPortAllocated())
                            .trusting(context.getSocketFactory());
            mail.login("quiver", "s3cret").send(message());

            assertThat(received).hasSize(1);
            var parsed =
                    new jakarta.mail.internet.MimeMessage(
                            jakarta.mail.Session.getInstance(new Properties()),
                            new java.io.ByteArrayInputStream(
                                    received.getFirst()
                                            .substring(received.getFirst().indexOf('\n') + 1)
                                            .getBytes(StandardCharsets.UTF_8)));
            assertThat(parsed.getSubject()).isEqualTo("[quiver] flüge: failed");
            assertThat((String) parsed.getContent())
                    .contains("no file 'in.csv'", "fix: check the path", "quiver runs flüge-1");
            assertThatThrownBy(() -> mail.login("quiver", "wr0ng").send(message()))
                    .isInstanceOf(QuiverException.class)
                    .hasMessageContaining("doesn't take the login")
                    .hasMessageNotContaining("wr0ng");
            assertThat(mail.login("quiver", "s3cret").toString()).doesNotContain("s3cret");
        } finally {
            server.stop();
        }
    }

    @Test
    void it_isnt_sent_in_the_clear_unless_told_so() throws Exception {
        SMTPServer server = server().build();
        server.start();
        try {
            Mail mail =
                    Mail.to("ops@example.org", "boss@example.org")
                            .from("quiver@example.org")
                            .server("localhost", server.getPortAllocated());
            assertThatThrownBy(() -> mail.send(message())).isInstanceOf(IOException.class);
            assertThat(received).isEmpty();

            mail.security(Mail.Security.NONE).send(message());
            assertThat(received)
                    .singleElement()
                    .asString()
                    .contains("To: ops@example.org, boss@example.org", "quiver runs");
        } finally {
            server.stop();
        }
    }

    @Test
    void a_certificate_that_nobody_trusts_is_refused() throws Exception {
        SMTPServer server = server().startTlsSocketFactory(context).build();
        server.start();
        try {
            Mail mail =
                    Mail.to("ops@example.org")
                            .from("quiver@example.org")
                            .server("localhost", server.getPortAllocated());
            assertThatThrownBy(() -> mail.send(message())).isInstanceOf(IOException.class);
            assertThat(received).isEmpty();
        } finally {
            server.stop();
        }
    }

    @Test
    void what_is_missing_is_named() {
        assertThatThrownBy(() -> Mail.to("no address")).hasMessageContaining("'no address'");
        assertThatThrownBy(() -> Mail.to("a@b.org").send(message()))
                .hasMessageContaining("smtp.host");
        assertThatThrownBy(() -> Mail.to("a@b.org").server("localhost", 1).send(message()))
                .hasMessageContaining("smtp.from");
    }
}
