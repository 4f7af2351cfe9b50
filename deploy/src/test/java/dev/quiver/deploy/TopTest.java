package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.QFuture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `quiver top` beside a session that works.
@Timeout(120)
final class TopTest {
    private static final CountDownLatch GATE = new CountDownLatch(1);

    @SuppressWarnings("NullAway.Init") // by open()
    private static Session session;

    private static String address = "";

    @BeforeAll
    static void open() {
        session = Quiver.local(Options.defaults().slots(2).quiet());
        address = session.dashboard().toString();
        QFuture<Integer> bad = session.submit(() -> List.of(1, 2).get(7));
        bad.exception();
        var _ =
                session.submit(() -> {
                    GATE.await();
                    return 1;
                });
    }

    @AfterAll
    static void close() {
        GATE.countDown();
        session.close();
    }

    @Test
    void where_no_terminal_is_it_prints_once() {
        Spoken spoken = Spoken.by("top", address);

        assertThat(spoken.err()).isEmpty();
        assertThat(spoken.status()).isZero();
        assertThat(spoken.out())
                .contains("quiver top  ", address, "STAGES", "WORKERS", "1/2", "ALERTS")
                .contains("partition 0, attempt 1", "IndexOutOfBounds")
                .doesNotContain("\u001b");
    }

    @Test
    void an_address_that_is_none_and_one_where_nobody_is_are_told() {
        Spoken none = Spoken.by("top", "ftp://here");
        Spoken nobody = Spoken.by("top", "127.0.0.1:9");

        assertThat(none.err()).contains("'ftp://here' is no address of a dashboard", "fix: ");
        assertThat(nobody.err()).contains("no answer from http://127.0.0.1:9/", "fix: ");
        assertThat(nobody.status()).isEqualTo(1);
    }

    @Test
    void a_port_where_something_else_answers_is_told() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerWithNoise(other));

            Spoken spoken = Spoken.by("top", "127.0.0.1:" + other.getLocalPort());

            assertThat(spoken.err())
                    .contains("it isn't a dashboard", "quiver://127.0.0.1:" + other.getLocalPort());
            assertThat(spoken.status()).isEqualTo(1);
        }
    }

    /// As a port of gRPC does, to all who call.
    private static void answerWithNoise(ServerSocket other) {
        while (!other.isClosed()) {
            try (Socket caller = other.accept()) {
                caller.getOutputStream().write(new byte[] {0, 0, 18, 4, 0, 0, 0, 0, 0, 13, 10});
            } catch (IOException e) {
                if (!other.isClosed()) throw new UncheckedIOException(e);
            }
        }
    }

    /// On a terminal that Python makes: keys are pressed when the first picture is there.
    @Test
    @Tag("python")
    void on_a_terminal_it_is_redrawn_in_place_until_q_is_pressed() throws Exception {
        String python = Objects.requireNonNullElse(System.getenv("QUIVER_PYTHON"), "python3");
        List<String> top = Spoken.process("top", address).command();
        var words = new ArrayList<String>(List.of(python, "-c", TERMINAL));
        words.addAll(top);

        Spoken spoken =
                Spoken.byProcess(
                        Path.of("").toAbsolutePath(),
                        Map.of(
                                "PATH", "/usr/bin:/bin",
                                "TERM", "xterm-256color",
                                "LANG", "C.UTF-8"),
                        words);

        assertThat(spoken.err()).isEmpty();
        assertThat(spoken.out())
                .startsWith("\u001b[?1049h\u001b[?25l")
                .contains("\u001b[1mquiver top", "WORKERS", "\u001b[36m")
                .endsWith("\u001b[?25h\u001b[?1049l")
                .doesNotContain("no answer");
        assertThat(spoken.status()).isZero();
    }

    private static final String TERMINAL =
            """
            import os, pty, sys
            child, terminal = pty.fork()
            if child == 0:
                os.execvp(sys.argv[1], sys.argv[1:])
            seen, pressed = b"", 0
            while True:
                try:
                    more = os.read(terminal, 65536)
                except OSError:
                    break
                if not more:
                    break
                seen += more
                if pressed == 0 and b"WORKERS" in seen:
                    os.write(terminal, b"\\x1b[B\\x1b[C")
                    pressed = 1
                if pressed == 1 and seen.count(b"WORKERS") > 2:
                    os.write(terminal, b"q")
                    pressed = 2
            sys.stdout.buffer.write(seen)
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            """;
}
