package dev.quiver.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.quiver.benchmarks.Measurements.Run;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.QFuture;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// What an open page of the dashboard costs while 2,000 tasks a second end: bytes that it is sent,
/// and processor time of the whole process, in turn with a page and without. The tasks wait, so
/// that what else is spent is the scheduler's, the worker's and the page's.
///
/// A page is a connection that reads the stream of frames, as a browser's is; what it is sent when
/// it is opened isn't counted.
final class DashboardBench {
    private static final int SLOTS = 20;
    private static final long TASK_MILLIS = 10;
    private static final int TASKS_A_SECOND = (int) (SLOTS * 1000 / TASK_MILLIS);
    private static final long SETTLING_MILLIS = 700;
    private static final long WINDOW_MILLIS = 3000;
    private static final double KILOBYTES_MAX = 50;
    private static final double PERCENT_MAX = 2;
    private static final Pattern BOARD = Pattern.compile("\"id\":(\\d+)");

    private final OperatingSystemMXBean process =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final Measurements measurements = new Measurements("dashboard");
    private final BenchOptions options;
    private final URI address;
    private final String stream;

    private DashboardBench(BenchOptions options, URI address) throws IOException {
        this.options = options;
        this.address = address;
        this.stream = "/api/v1/boards/%s/stream".formatted(board());
    }

    static void run(BenchOptions options) {
        long millis = options.rounds() * 2L * (SETTLING_MILLIS + WINDOW_MILLIS);
        int tasks = (int) (TASKS_A_SECOND * millis / 1000) * 2;
        try (Session q = Quiver.local(Options.defaults().slots(SLOTS).quiet())) {
            List<QFuture<Integer>> work =
                    q.map(DashboardBench::task, IntStream.range(0, tasks).boxed().toList());
            new DashboardBench(options, q.dashboard()).run();
            work.forEach(QFuture::cancel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static int task(int number) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(TASK_MILLIS);
        return number;
    }

    private String board() throws IOException {
        try (Socket socket = ask("/api/v1/boards", "close")) {
            Matcher found =
                    BOARD.matcher(
                            new String(
                                    socket.getInputStream().readAllBytes(),
                                    StandardCharsets.UTF_8));
            if (found.find()) return found.group(1);
            throw new IllegalStateException("the dashboard shows no session");
        }
    }

    private Socket ask(String path, String connection) throws IOException {
        var socket = new Socket(address.getHost(), address.getPort());
        String request =
                "GET %s HTTP/1.1\r\nHost: %s:%d\r\nConnection: %s\r\n\r\n"
                        .formatted(path, address.getHost(), address.getPort(), connection);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /// What was seen in a window.
    ///
    /// @param percent of a core that the process took
    /// @param kilobytes a second that the page was sent
    private record Window(double percent, double kilobytes) {}

    private void run() throws IOException, InterruptedException {
        System.out.printf(
                "%nA page of the dashboard while %,d tasks a second end, %d pairs of %.0f s without"
                        + " and with it%n%n",
                TASKS_A_SECOND, options.rounds() - options.warmUps(), WINDOW_MILLIS / 1000.0);
        var more = new ArrayList<Double>();
        for (int round = 0; round < options.rounds(); round++) {
            Window without = window(new AtomicLong());
            Window with = withPage();
            add("page closed", round, without.percent(), "% of a core");
            add("page open", round, with.percent(), "% of a core");
            add("stream", round, with.kilobytes(), "kB/s");
            if (round >= options.warmUps()) more.add(with.percent() - without.percent());
        }
        double[] sorted = more.stream().mapToDouble(percent -> percent).sorted().toArray();
        tell("process without a page, % of a core", median("page closed"), Double.NaN);
        tell("an open page more, % of a core", Measurements.median(sorted), PERCENT_MAX);
        tell("stream, kB/s", median("stream"), KILOBYTES_MAX);
        options.out().ifPresent(measurements::write);
    }

    private void add(String question, int round, double value, String unit) {
        measurements.add(new Run(question, Contest.QUIVER, Versions.QUIVER, round, value, unit));
    }

    private static void tell(String what, double median, double most) {
        String aim =
                Double.isNaN(most)
                        ? ""
                        : "below %.0f: %s".formatted(most, median < most ? "yes" : "no");
        System.out.printf("%-38s %8.2f   %s%n", what, median, aim);
    }

    private double median(String question) {
        return measurements.median(question, Contest.QUIVER, options.warmUps());
    }

    private Window withPage() throws IOException, InterruptedException {
        var read = new AtomicLong();
        try (Socket socket = ask(stream, "keep-alive")) {
            Thread page = Thread.ofPlatform().daemon().start(() -> read(socket, read));
            Window seen = window(read);
            if (!page.isAlive()) throw new IllegalStateException("the stream has ended");
            return seen;
        }
    }

    private static void read(Socket socket, AtomicLong count) {
        var buffer = new byte[1 << 16];
        try {
            InputStream in = socket.getInputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) count.addAndGet(n);
        } catch (IOException e) {
            if (!socket.isClosed()) throw new UncheckedIOException(e);
        }
    }

    private Window window(AtomicLong read) throws InterruptedException {
        Thread.sleep(SETTLING_MILLIS);
        long bytes = read.get();
        long cpu = process.getProcessCpuTime();
        long from = System.nanoTime();
        Thread.sleep(WINDOW_MILLIS);
        double seconds = (System.nanoTime() - from) / 1e9;
        double busy = (process.getProcessCpuTime() - cpu) / 1e9;
        return new Window(100 * busy / seconds, (read.get() - bytes) / 1000.0 / seconds);
    }
}
