package dev.quiver.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Session;
import dev.quiver.cluster.security.TestCertificates;
import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.QFuture;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What comes by any port of a cluster disturbs nothing but its own connection.
@Timeout(600)
final class HostileFramesTest {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int AT_ONCE = 200;

    @TempDir private Path directory;

    private final long seed = Long.getLong("seed", new Random().nextInt(10_000));
    private final Random random = new Random(seed);
    private final HostileFrames frames = new HostileFrames(random);

    private static final Fn<Integer, Integer> SLOW_SQUARE =
            x -> {
                Thread.sleep(20);
                return x * x;
            };

    private static final List<Integer> ITEMS = IntStream.range(0, 100).boxed().toList();
    private static final List<Integer> SQUARES = ITEMS.stream().map(x -> x * x).toList();

    @Test
    void a_job_goes_on_meanwhile() throws Exception {
        fuzz(Map.of(), 2, Duration.ofSeconds(3));
    }

    @Test
    @Tag("nightly")
    void a_job_of_an_encrypted_cluster_goes_on_meanwhile() throws Exception {
        fuzz(TestCertificates.in(directory).environment(), 1, Duration.ofSeconds(3));
    }

    @Test
    @Tag("nightly")
    void jobs_go_on_for_minutes() throws Exception {
        fuzz(Map.of(), 2, Duration.ofMinutes(2));
        fuzz(TestCertificates.in(directory).environment(), 1, Duration.ofMinutes(2));
    }

    private void fuzz(Map<String, String> environment, int workers, Duration duration)
            throws Exception {
        System.out.println("HostileFramesTest -Dseed=" + seed);
        Path logs = Files.createDirectories(directory.resolve("logs" + environment.size()));
        try (var cluster = new ProcessCluster(logs, workers, environment);
                Session q = cluster.connect()) {
            var ports = new ArrayList<Integer>();
            for (Process each : cluster.processes()) ports.addAll(ListeningPorts.of(each));
            // a scheduler's port and two of Ignite's; a worker's for data and one of Ignite's
            assertThat(ports).hasSizeGreaterThanOrEqualTo(3 + 2 * workers);
            long from = System.nanoTime();
            do {
                List<QFuture<Integer>> futures = q.map(SLOW_SQUARE, ITEMS);
                for (int i = 0; i < AT_ONCE; i++)
                    send(ports.get(random.nextInt(ports.size())), frames.next());
                assertThat(q.gather(futures)).as(cluster.logs()).isEqualTo(SQUARES);
            } while (System.nanoTime() - from < duration.toNanos());
            assertNoiseIsClosedWithALine(cluster);
            cluster.awaitWorkers(workers);
            for (Process each : cluster.processes())
                assertThat(each.isAlive()).as(cluster.logs()).isTrue();
        }
    }

    /// Sends something and hangs up, in one way or another.
    private void send(int port, byte[] bytes) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            if (random.nextBoolean()) socket.setSoLinger(true, 0);
            socket.getOutputStream().write(bytes);
            if (random.nextInt(4) > 0) return;
            socket.setSoTimeout(10);
            socket.shutdownOutput();
            int answer = socket.getInputStream().read();
            assertThat(answer).isLessThan(256);
        } catch (ConnectException e) {
            throw new IOException("nobody listens at " + port, e);
        } catch (SocketTimeoutException | SocketException e) {
            // it takes its time, or didn't want to hear all
            assertThat(port).isPositive();
        }
    }

    private void assertNoiseIsClosedWithALine(ProcessCluster cluster) throws Exception {
        for (int i = 0; i < cluster.processes().size(); i++) {
            for (int port : ListeningPorts.of(cluster.processes().get(i))) {
                long before = closed(cluster.log(i));

                assertThat(isClosed(port)).as(port + "\n" + cluster.logs()).isTrue();

                long from = System.nanoTime();
                while (closed(cluster.log(i)) == before) {
                    assertThat(System.nanoTime() - from)
                            .as("port %d%n%s", port, cluster.logs())
                            .isLessThan(PATIENCE_MILLIS * 1_000_000L);
                    Thread.sleep(20);
                }
            }
        }
    }

    /// How many lines tell of connections that were closed.
    private static long closed(String log) {
        return log.lines()
                .filter(line -> line.contains("closed: ") || line.contains("has ended: "))
                .count();
    }

    @Test
    void calls_that_make_no_sense_end_and_a_job_goes_on() throws Exception {
        System.out.println("HostileFramesTest -Dseed=" + seed);
        try (var cluster = new ProcessCluster(directory, 1);
                Session q = cluster.connect()) {
            var flights = new ArrayList<HostileCalls>();
            for (Process each : cluster.processes())
                for (int port : ListeningPorts.of(each))
                    if (speaksHttp2(port)) flights.add(new HostileCalls(random, port));
            assertThat(flights).hasSize(2);
            List<QFuture<Integer>> futures = q.map(SLOW_SQUARE, ITEMS);

            for (int i = 0; i < AT_ONCE; i++) assertThat(flights.get(i % 2).next()).isNotNull();
            assertThat(flights.getLast().large().isOk()).isFalse();

            assertThat(q.gather(futures)).as(cluster.logs()).isEqualTo(SQUARES);
            flights.forEach(HostileCalls::close);
            cluster.awaitWorkers(1);
        }
    }

    /// Servers of Flight greet, the ports of Ignite don't.
    private static boolean speaksHttp2(int port) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(PATIENCE_MILLIS);
            byte[] answer = socket.getInputStream().readNBytes(4);
            return answer.length == 4 && answer[0] == 0 && answer[3] == 4; // a frame of settings
        } catch (SocketTimeoutException | SocketException e) {
            return false;
        }
    }

    /// Whether noise is answered by the end of the connection.
    private boolean isClosed(int port) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            var noise = new byte[4096];
            random.nextBytes(noise);
            noise[0] = (byte) 0x99;
            socket.getOutputStream().write(noise);
            socket.setSoTimeout(PATIENCE_MILLIS);
            int last;
            do last = socket.getInputStream().read();
            while (last >= 0);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }
}
