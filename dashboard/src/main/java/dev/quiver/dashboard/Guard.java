package dev.quiver.dashboard;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import dev.quiver.scheduler.server.DashboardAccess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets those see a dashboard who show a certificate, a token, or that they have shown one:
/// programs in the header `Authorization`, people on a page that asks for it.
final class Guard extends Filter {
    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

    private static final String LOGIN = "/login";
    private static final String LOGOUT = "/logout";

    /// Tells a page who is logged in by its cookie, percent-encoded.
    private static final String LOGGED_IN = "Quiver-Login";

    private static final String BEARER = "Bearer ";
    private static final Pattern FIELD = Pattern.compile("(?:^|&)token=([^&]*)");
    private static final Pattern BETWEEN_COOKIES = Pattern.compile("; *");
    private static final int TOKEN_BYTES_MAX = 4096;
    private static final int NO_CONTENT = 204;
    private static final int SEE_OTHER = 303;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY = 429;

    /// What the page that asks for a token looks like: files that come with the program.
    private static final List<String> FOR_ALL = List.of("/app.css", "/icon.svg");

    /// What people ask for, who are shown that page.
    private static final List<String> FOR_PEOPLE = List.of("/", "/index.html", LOGIN);

    private final DashboardAccess access;
    private final Logins logins;
    private final WrongTokens wrong;
    private final Pages pages = new Pages();

    /// What came of looking at a token.
    private sealed interface Shown {
        record Owned(String by) implements Shown {}

        /// Nobody's.
        record Wrong() implements Shown {}

        /// It wasn't looked at: there were too many wrong ones.
        record Unseen() implements Shown {}
    }

    /// @param nanos a clock
    Guard(DashboardAccess access, LongSupplier nanos) {
        this.access = access;
        this.logins = new Logins(nanos);
        this.wrong = new WrongTokens(nanos);
    }

    @Override
    public String description() {
        return "lets those in who may look";
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        String path = exchange.getRequestURI().getPath();
        boolean isPost = exchange.getRequestMethod().equals("POST");
        if (isPost && path.equals(LOGIN)) login(exchange);
        else if (isPost && path.equals(LOGOUT)) logout(exchange);
        else if (FOR_ALL.contains(path)) chain.doFilter(exchange);
        else if (isKnown(exchange)) letIn(exchange, path, chain);
        else ask(exchange, path, chain);
    }

    private static void letIn(HttpExchange exchange, String path, Chain chain) throws IOException {
        if (path.equals(LOGIN)) seeOther(exchange);
        else chain.doFilter(exchange);
    }

    private boolean isKnown(HttpExchange exchange) {
        Optional<String> loggedIn = cookie(exchange).flatMap(logins::owner);
        loggedIn.ifPresent(who ->
                exchange.getResponseHeaders()
                        .set(LOGGED_IN, URLEncoder.encode(who, StandardCharsets.UTF_8)));
        return loggedIn.isPresent() || certificate(exchange).flatMap(access::owner).isPresent();
    }

    private static Optional<X509Certificate> certificate(HttpExchange exchange) {
        if (!(exchange instanceof HttpsExchange encrypted)) return Optional.empty();
        try {
            // its authority has been looked at when the connection was made
            return encrypted.getSSLSession().getPeerCertificates()[0] instanceof X509Certificate c
                    ? Optional.of(c)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty(); // it showed none
        }
    }

    /// Of its own for each port: browsers give cookies to all ports of a machine.
    private static String cookieName(HttpExchange exchange) {
        return "__Host-quiver-" + exchange.getLocalAddress().getPort();
    }

    private static Optional<String> cookie(HttpExchange exchange) {
        String start = cookieName(exchange) + '=';
        return exchange.getRequestHeaders().getOrDefault("Cookie", List.of()).stream()
                .flatMap(BETWEEN_COOKIES::splitAsStream)
                .map(String::strip)
                .filter(pair -> pair.startsWith(start))
                .map(pair -> pair.substring(start.length()))
                .findFirst();
    }

    /// Of one whom neither certificate nor cookie let in.
    private void ask(HttpExchange exchange, String path, Chain chain) throws IOException {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        if (header == null || !header.startsWith(BEARER)) {
            if (FOR_PEOPLE.contains(path)) page(exchange, UNAUTHORIZED, "");
            else refuse(exchange, UNAUTHORIZED, "show a token or a certificate of this cluster");
            return;
        }
        switch (look(exchange, header.substring(BEARER.length()).strip())) {
            case Shown.Owned _ -> letIn(exchange, path, chain);
            case Shown.Wrong _ -> refuse(exchange, UNAUTHORIZED, "the token is nobody's");
            case Shown.Unseen _ -> refuse(exchange, TOO_MANY, tooMany());
        }
    }

    private Shown look(HttpExchange exchange, String token) {
        InetAddress from = exchange.getRemoteAddress().getAddress();
        if (wrong.areTooMany(from)) return new Shown.Unseen();
        Optional<String> owner = access.owner(token);
        if (owner.isPresent()) return new Shown.Owned(owner.get());
        wrong.add(from);
        LOG.warn("the dashboard was shown a wrong token from {}", from.getHostAddress());
        return new Shown.Wrong();
    }

    private static void seeOther(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Location", "/");
        Answers.empty(exchange, SEE_OTHER);
    }

    private static String tooMany() {
        return "too many wrong tokens from there; wait for %d seconds"
                .formatted(WrongTokens.SECONDS);
    }

    /// Whether a page of somebody else's sends it.
    private static boolean isElsewhere(HttpExchange exchange) {
        String site = exchange.getRequestHeaders().getFirst("Sec-Fetch-Site");
        return site != null && !site.equals("same-origin");
    }

    /// The browser isn't known any more; without a cookie it wasn't.
    private void logout(HttpExchange exchange) throws IOException {
        if (isElsewhere(exchange)) {
            refuse(exchange, FORBIDDEN, "log out on the dashboard's own page");
            return;
        }
        cookie(exchange)
                .ifPresent(secret -> {
                    logins.owner(secret)
                            .ifPresent(who -> LOG.info("{} logs out of a browser", who));
                    logins.close(secret);
                });
        setCookie(exchange, "", 0);
        Answers.empty(exchange, NO_CONTENT);
    }

    private static void setCookie(HttpExchange exchange, String secret, int seconds) {
        exchange.getResponseHeaders()
                .set(
                        "Set-Cookie",
                        "%s=%s; Path=/; Max-Age=%d; Secure; HttpOnly; SameSite=Strict"
                                .formatted(cookieName(exchange), secret, seconds));
    }

    private void login(HttpExchange exchange) throws IOException {
        if (isElsewhere(exchange)) {
            refuse(exchange, FORBIDDEN, "log in on the dashboard's own page");
            return;
        }
        switch (look(exchange, token(exchange))) {
            case Shown.Owned(var who) -> {
                LOG.info("{} looks at the dashboard from a browser", who);
                setCookie(exchange, logins.open(who), Logins.SECONDS);
                seeOther(exchange);
            }
            case Shown.Wrong _ -> page(exchange, UNAUTHORIZED, "That token is nobody’s.");
            case Shown.Unseen _ -> page(exchange, TOO_MANY, "Sorry: " + tooMany() + ".");
        }
    }

    /// What the form was sent with; what isn't one is nobody's token.
    private static String token(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(TOKEN_BYTES_MAX);
        Matcher field = FIELD.matcher(new String(body, StandardCharsets.UTF_8));
        if (!field.find()) return "";
        try {
            return URLDecoder.decode(field.group(1), StandardCharsets.UTF_8).strip();
        } catch (IllegalArgumentException e) {
            LOG.debug("a malformed form", e);
            return "";
        }
    }

    /// Asks a person for a token.
    ///
    /// @param said why again; empty at first
    private void page(HttpExchange exchange, int status, String said) throws IOException {
        exchange.getResponseHeaders()
                .set(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
                                + " form-action 'self'; frame-ancestors 'none'");
        challenge(exchange, status);
        Answers.send(exchange, status, "text/html; charset=utf-8", pages.login(said));
    }

    private static void refuse(HttpExchange exchange, int status, String why) throws IOException {
        challenge(exchange, status);
        Answers.fail(exchange, status, why);
    }

    private static void challenge(HttpExchange exchange, int status) {
        Headers headers = exchange.getResponseHeaders();
        if (status == UNAUTHORIZED) headers.set("WWW-Authenticate", "Bearer realm=\"quiver\"");
        if (status == TOO_MANY) headers.set("Retry-After", Integer.toString(WrongTokens.SECONDS));
    }
}
