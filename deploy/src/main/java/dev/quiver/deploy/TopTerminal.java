package dev.quiver.deploy;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The terminal of this process as a screen of its own, which is redrawn in place, and its keys.
/// Closed, it is as it was before.
final class TopTerminal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopTerminal.class);
    private static final String OPEN = "\u001b[?1049h\u001b[?25l\u001b[H\u001b[2J";
    private static final String CLOSE = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String LINE_END = "\u001b[K\r\n";
    private static final String REST = "\u001b[J";
    private static final int ESCAPE = 27;
    private static final int ROWS_DEFAULT = 24;
    private static final int STTY_SECONDS_MAX = 5;

    /// What people ask for.
    enum Key {
        QUIT,
        UP,
        DOWN,
        LEFT,
        RIGHT,
        OTHER
    }

    /// How large it is, in characters.
    record Size(int rows, int columns) {}

    private final PrintStream out;
    private final BlockingQueue<Key> keys = new LinkedBlockingQueue<>();
    private final Optional<String> modes;
    private final Thread restoring = new Thread(this::restore, "quiver-top-restore");
    private boolean closed;

    private TopTerminal(PrintStream out, Optional<String> modes) {
        this.out = out;
        this.modes = modes;
    }

    /// Whether this process talks with a person on a screen that can be redrawn.
    static boolean isThere() {
        if ("dumb".equals(System.getenv("TERM"))) return false;
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }

    /// The one that standard input and output are.
    static TopTerminal open() {
        PrintStream out = System.out;
        Optional<String> modes = stty("-g");
        if (modes.isPresent()) stty("-icanon", "-echo", "min", "1");
        var terminal = new TopTerminal(out, modes);
        Runtime.getRuntime().addShutdownHook(terminal.restoring);
        out.print(OPEN);
        out.flush();
        Thread.ofPlatform().daemon().name("quiver-top-keys").start(() -> terminal.read(System.in));
        return terminal;
    }

    /// Waits for a key.
    Optional<Key> key(long millis) throws InterruptedException {
        return Optional.ofNullable(keys.poll(millis, TimeUnit.MILLISECONDS));
    }

    /// As if somebody had pressed a key.
    void press(Key key) {
        keys.add(key);
    }

    private void read(InputStream in) {
        try {
            for (int c = in.read(); c >= 0; c = in.read())
                keys.add(
                        switch (c) {
                            case 'q', 'Q' -> Key.QUIT;
                            case 'k' -> Key.UP;
                            case 'j' -> Key.DOWN;
                            case 'h' -> Key.LEFT;
                            case 'l' -> Key.RIGHT;
                            case ESCAPE -> arrow(in);
                            default -> Key.OTHER;
                        });
        } catch (IOException e) {
            LOG.debug("no more keys", e);
        }
        keys.add(Key.QUIT);
    }

    /// What follows the escape character; terminals send `ESC [ A` or `ESC O A`.
    private static Key arrow(InputStream in) throws IOException {
        int kind = in.read();
        if (kind != '[' && kind != 'O') return Key.OTHER;
        return switch (in.read()) {
            case 'A' -> Key.UP;
            case 'B' -> Key.DOWN;
            case 'C' -> Key.RIGHT;
            case 'D' -> Key.LEFT;
            default -> Key.OTHER;
        };
    }

    /// Asked anew each time: people change the size of windows.
    static Size size() {
        Optional<String> said = stty("size");
        if (said.isPresent() && said.get().matches("[1-9]\\d{0,4} [1-9]\\d{0,4}")) {
            String[] numbers = said.get().split(" ", -1);
            return new Size(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
        }
        return new Size(ROWS_DEFAULT, TopScreen.COLUMNS_MIN);
    }

    /// Redraws the whole screen in one go, so that nothing flickers.
    void draw(List<String> lines, int rows) {
        var text = new StringBuilder(HOME);
        List<String> shown = lines.subList(0, Math.min(lines.size(), Math.max(1, rows - 1)));
        for (String line : shown) text.append(line).append(LINE_END);
        out.print(text.append(REST));
        out.flush();
    }

    /// Of the terminal that is this process's standard input; empty where there is no such command.
    private static Optional<String> stty(String... words) {
        var command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(words));
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectInput(Redirect.INHERIT)
                            .redirectError(Redirect.DISCARD)
                            .start();
            byte[] bytes = process.getInputStream().readAllBytes();
            boolean isDone = process.waitFor(STTY_SECONDS_MAX, TimeUnit.SECONDS);
            return isDone && process.exitValue() == 0
                    ? Optional.of(new String(bytes, StandardCharsets.US_ASCII).strip())
                    : Optional.empty();
        } catch (IOException e) {
            LOG.debug("no stty here", e);
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private synchronized void restore() {
        if (closed) return;
        closed = true;
        out.print(CLOSE);
        out.flush();
        modes.ifPresent(TopTerminal::stty);
    }

    @Override
    public void close() {
        restore();
        Runtime.getRuntime().removeShutdownHook(restoring);
    }
}
