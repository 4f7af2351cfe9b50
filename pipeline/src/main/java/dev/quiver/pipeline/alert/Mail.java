package dev.quiver.pipeline.alert;

import dev.quiver.config.Settings;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// Alerts by mail.
///
/// ```java
/// Mail.to("ops@example.org")                       // the server is in the settings smtp.…
/// Mail.to("ops@example.org").from("quiver@example.org")
///         .server("smtp.example.org", 587).login("quiver", System.getenv("MAIL_PASSWORD"))
/// ```
///
/// The connection is encrypted by STARTTLS, or isn't made, unless told otherwise. The password is
/// shown nowhere. Immutable: each call gives another channel.
public final class Mail implements AlertChannel {
    private static final String TIMEOUT_MILLIS = "10000";
    private static final int TITLE_MAX = 150;

    /// How the connection is encrypted.
    public enum Security {
        /// It begins in the clear and is encrypted before anything is said; usual at port 587.
        STARTTLS,
        /// From the first byte; usual at port 465.
        TLS,
        /// Not at all: for a server on the same machine.
        NONE
    }

    private final List<InternetAddress> to;
    private final String from;
    private final String host;
    private final int port;
    private final Security security;
    private final String user;
    private final String password;
    private final @Nullable SSLSocketFactory sockets;

    private Mail(
            List<InternetAddress> to,
            String from,
            String host,
            int port,
            Security security,
            String user,
            String password,
            @Nullable SSLSocketFactory sockets) {
        this.to = List.copyOf(to);
        this.from = from;
        this.host = host;
        this.port = port;
        this.security = security;
        this.user = user;
        this.password = password;
        this.sockets = sockets;
    }

    /// Mail to some people, by the server of the settings `smtp.host`, `smtp.port`,
    /// `smtp.security`, `smtp.user`, `smtp.password` and `smtp.from`, as far as nothing else is
    /// said.
    public static Mail to(String... addresses) {
        Settings settings = Settings.ofProcess();
        var to = new ArrayList<InternetAddress>();
        for (String address : addresses) to.add(address(address));
        if (to.isEmpty()) throw invalid("mail to nobody", "name an address");
        return new Mail(
                to,
                settings.value(Settings.Key.SMTP_FROM),
                settings.value(Settings.Key.SMTP_HOST),
                settings.setting(Settings.Key.SMTP_PORT).number("a number"),
                security(settings.setting(Settings.Key.SMTP_SECURITY)),
                settings.value(Settings.Key.SMTP_USER),
                settings.value(Settings.Key.SMTP_PASSWORD),
                null);
    }

    private static InternetAddress address(String text) {
        try {
            return new InternetAddress(text, true);
        } catch (AddressException e) {
            throw invalid(
                    "'%s' isn't a mail address: %s".formatted(text, e.getMessage()),
                    "write it as name@example.org");
        }
    }

    private static Security security(Settings.Setting setting) {
        for (Security one : Security.values())
            if (one.name().equalsIgnoreCase(setting.value())) return one;
        throw setting.invalid("one of starttls, tls, none");
    }

    private static QuiverException invalid(String what, String fix) {
        return new QuiverException(ErrorCode.ARGUMENT_INVALID, what, List.of(), fix);
    }

    /// Who it is from.
    public Mail from(String address) {
        String checked = address(address).toString();
        return new Mail(to, checked, host, port, security, user, password, sockets);
    }

    /// The server that takes it.
    public Mail server(String name, int number) {
        return new Mail(to, from, name, number, security, user, password, sockets);
    }

    /// How the connection is encrypted; [Security#STARTTLS] unless told otherwise.
    public Mail security(Security other) {
        return new Mail(to, from, host, port, other, user, password, sockets);
    }

    /// Who the server knows.
    public Mail login(String name, String secret) {
        return new Mail(to, from, host, port, security, name, secret, sockets);
    }

    /// Which servers are trusted, for tests.
    Mail trusting(SSLSocketFactory factory) {
        return new Mail(to, from, host, port, security, user, password, factory);
    }

    @Override
    public void send(AlertMessage message) throws IOException {
        if (host.isEmpty()) throw invalid("no server for mail", "say server(…), or set smtp.host");
        if (from.isEmpty()) throw invalid("mail from nobody", "say from(…), or set smtp.from");
        try {
            var mail = new MimeMessage(session());
            mail.setFrom(address(from));
            mail.setRecipients(Message.RecipientType.TO, to.toArray(InternetAddress[]::new));
            mail.setSubject(title(message), StandardCharsets.UTF_8.name());
            mail.setText(message.text(), StandardCharsets.UTF_8.name());
            mail.setSentDate(Date.from(message.at()));
            mail.setHeader("Auto-Submitted", "auto-generated");
            Transport.send(mail);
        } catch (AuthenticationFailedException e) {
            throw invalid("%s doesn't take the login".formatted(host), "check user and password");
        } catch (MessagingException e) {
            throw new IOException(cause(e));
        }
    }

    private static String title(AlertMessage message) {
        String title = "[quiver] " + message.title().replaceAll("\\s+", " ");
        return title.length() <= TITLE_MAX ? title : title.substring(0, TITLE_MAX - 1) + "…";
    }

    /// What is underneath, in a line.
    private static String cause(MessagingException thrown) {
        Exception next = thrown.getNextException();
        String text = String.valueOf(thrown.getMessage());
        if (next != null && next.getMessage() != null && !text.contains(next.getMessage()))
            text += ": " + next.getMessage();
        return text.strip().replaceAll("\\s+", " ");
    }

    private Session session() {
        var properties = new Properties();
        properties.put("mail.smtp.host", host);
        properties.put("mail.smtp.port", "" + port);
        properties.put("mail.smtp.connectiontimeout", TIMEOUT_MILLIS);
        properties.put("mail.smtp.timeout", TIMEOUT_MILLIS);
        properties.put("mail.smtp.writetimeout", TIMEOUT_MILLIS);
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        switch (security) {
            case STARTTLS -> {
                properties.put("mail.smtp.starttls.enable", "true");
                properties.put("mail.smtp.starttls.required", "true");
            }
            case TLS -> properties.put("mail.smtp.ssl.enable", "true");
            case NONE -> {}
        }
        if (sockets != null) properties.put("mail.smtp.ssl.socketFactory", sockets);
        if (user.isEmpty()) return Session.getInstance(properties);
        properties.put("mail.smtp.auth", "true");
        return Session.getInstance(
                properties,
                new Authenticator() {
                    @Override
                    protected PasswordAuthentication getPasswordAuthentication() {
                        return new PasswordAuthentication(user, password);
                    }
                });
    }

    @Override
    public String name() {
        return "mail " + to.getFirst().getAddress();
    }

    @Override
    public String toString() {
        return "Mail[%s by %s:%d]".formatted(name(), host, port);
    }
}
