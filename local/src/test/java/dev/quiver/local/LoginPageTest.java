package dev.quiver.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.quiver.dashboard.LocalDashboard;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.Inbox;
import dev.quiver.scheduler.server.Dashboard;
import dev.quiver.scheduler.server.DashboardAccess;
import dev.quiver.scheduler.server.RunHistory;
import dev.quiver.scheduler.server.SchedulerClient;
import dev.quiver.scheduler.server.SchedulerShell;
import dev.quiver.scheduler.server.Watched;
import dev.quiver.scheduler.state.SchedulerSettings;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page that asks for a token, in the system's Chromium, over TLS.
@Tag("browser")
final class LoginPageTest {
    private static final String PASSWORD = "a store of a test";
    private static final String TOKEN = "ada's token, which is 32 letters";

    @TempDir private Path directory;

    private Chromium chromium;
    private Dashboard.Shown shown;
    private Browser.NewContextOptions small;

    /// Nobody's: what it would say isn't asked.
    private record Nobody() implements SchedulerClient {
        @Override
        public void speak(Consumer<ClientMessage> said) {}

        @Override
        public void hear(ClientNotice notice) {}

        @Override
        public void broken(Throwable cause) {
            throw new AssertionError(cause);
        }
    }

    private record OneReader(SSLContext tls) implements DashboardAccess {
        @Override
        public String host() {
            return "127.0.0.1";
        }

        @Override
        public boolean isCalled(String name) {
            return name.equals(host());
        }

        @Override
        public Optional<String> owner(String token) {
            return token.equals(TOKEN) ? Optional.of("ada & co") : Optional.empty();
        }

        @Override
        public Optional<String> owner(X509Certificate certificate) {
            return Optional.empty();
        }
    }

    @BeforeEach
    void open() throws Exception {
        var scheduler =
                new SchedulerShell(
                        SchedulerSettings.LOCAL,
                        new Nobody(),
                        System::nanoTime,
                        _ -> {},
                        Inbox.Relief.NONE);
        var watched =
                new Watched(
                        "the cluster",
                        scheduler,
                        List::of,
                        Watched.StageFigures.NONE,
                        new Watched.Nobody());
        shown =
                new LocalDashboard()
                        .show(
                                watched,
                                new OneReader(tls()),
                                new RunHistory(directory, Duration.ofDays(1), 1));
        chromium = Chromium.start();
        small =
                new Browser.NewContextOptions()
                        .setIgnoreHTTPSErrors(true)
                        .setViewportSize(400, 700);
    }

    @AfterEach
    void close() {
        chromium.close();
        shown.close();
    }

    /// With a certificate that it has signed itself.
    private SSLContext tls() throws Exception {
        Path file = directory.resolve("key.p12");
        String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        int made =
                new ProcessBuilder(
                                keytool,
                                "-genkeypair",
                                "-alias",
                                "dashboard",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=127.0.0.1",
                                "-ext",
                                "san=ip:127.0.0.1",
                                "-keystore",
                                file.toString(),
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
        assertThat(made).isZero();
        var keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    @Test
    void a_person_logs_in_by_keyboard_looks_and_logs_out() {
        try (BrowserContext context = chromium.browser().newContext(small)) {
            Page page = context.newPage();
            page.navigate(shown.address().toString());
            page.keyboard().type("guessed");
            page.keyboard().press("Enter");
            page.getByText("That token is nobody’s.").waitFor();
            assertAccessible(page);
            assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(400);

            page.keyboard().type(TOKEN);
            page.keyboard().press("Enter");
            page.locator("#logout:not([hidden])").waitFor();
            assertThat(page.locator("#logout").getAttribute("title")).isEqualTo("ada & co");
            assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(400);
            Page other = context.newPage();
            other.navigate(shown.address().toString());
            other.locator("#logout:not([hidden])").waitFor();

            page.locator("#logout").focus();
            page.keyboard().press("Enter");
            page.locator("#token").waitFor();
            other.locator("#token").waitFor();
            page.navigate(shown.address().resolve("/api/v1/boards").toString());

            assertThat(page.content()).contains("show a token or a certificate");
        }
    }

    /// Of the rules only those about colours depend on the scheme.
    private static void assertAccessible(Page page) {
        assertThat(new AxeBuilder(page).analyze().getViolations()).isEmpty();
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        var colours = new AxeBuilder(page).withRules(List.of("color-contrast"));
        assertThat(colours.analyze().getViolations()).isEmpty();
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    }
}
