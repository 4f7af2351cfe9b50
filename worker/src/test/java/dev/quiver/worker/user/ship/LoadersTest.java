package dev.quiver.worker.user.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.dataframe.Call;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Loaders of a session: how many there are, and that they go.
@Timeout(120)
final class LoadersTest {
    private static final int SUBMITS = 10_000;

    @TempDir Path folder;

    @BeforeEach
    void open() {
        Desk.reset();
    }

    @Test
    void ten_thousand_submits_over_a_changing_variable_make_no_loader_and_no_class() {
        try (var cells = new Cells()) {
            cells.run("int k = 0; record Lot(int n) {} Call<Lot> call = () -> new Lot(k);");
            cells.run(
                    "void loop(int n) throws Exception { for (int i = 0; i < n; i++) { k = i; if"
                            + " (Desk.run(call).n() != i) throw new IllegalStateException(); } }");
            cells.run("loop(200)");
            var classes = ManagementFactory.getClassLoadingMXBean();
            long before = classes.getTotalLoadedClassCount();

            cells.run("loop(" + SUBMITS + ")");

            assertThat(classes.getTotalLoadedClassCount() - before).isLessThan(200);
            assertThat(Desk.session.loaders()).isEqualTo(1);
        }
    }

    @Test
    void the_loaders_go_with_the_session() throws Exception {
        try (var cells = new Cells()) {
            cells.run("int k = 1; record Lot(int n) {} var pack = Desk.send(() -> new Lot(k));");
            cells.run("Desk.remember(pack)");
        }
        assertThat(Desk.remembered.get()).isNotNull();

        Desk.session.close();

        assertThat(isCollected(Desk.remembered)).isTrue();
        assertThatThrownBy(() -> Desk.session.task(Desk.send(() -> 1), List.of()))
                .hasMessageContaining("the session of this task has ended");
    }

    @Test
    void a_users_loader_goes_though_the_session_sent_its_classes() throws Exception {
        Path jar =
                new TinyJar()
                        .type(
                                "acme.Job",
                                """
                                package acme;
                                public record Job(int n) implements dev.quiver.dataframe.Call<Integer> {
                                    public Integer call() { return n; }
                                }
                                """)
                        .jar(folder.resolve("job.jar"));
        var outbox = new Outbox();

        var loader = new WeakReference<>(sendFrom(jar, outbox));

        assertThat(isCollected(loader)).isTrue();
        assertThat(outbox.pack("still there", "a value").bytes()).isNotEmpty();
    }

    private static ClassLoader sendFrom(Path jar, Outbox outbox) throws Exception {
        try (var loader = new java.net.URLClassLoader(new java.net.URL[] {jar.toUri().toURL()})) {
            var job =
                    (Call<?>) loader.loadClass("acme.Job").getConstructor(int.class).newInstance(4);
            Payload sent = outbox.pack(job, "the closure");
            outbox.open(sent, loader);
            return loader;
        }
    }

    private static boolean isCollected(WeakReference<?> loader) throws InterruptedException {
        for (int i = 0; i < 100 && loader.get() != null; i++) {
            System.gc();
            Thread.sleep(20);
        }
        return loader.get() == null;
    }

    @Test
    void a_class_path_that_grows_keeps_the_classes_of_before() throws Exception {
        Path first =
                new TinyJar()
                        .type("acme.First", job("First", "1"))
                        .jar(folder.resolve("first.jar"));
        Path second =
                new TinyJar()
                        .type("acme.Second", job("Second", "2"))
                        .directory(folder.resolve("second"));
        try (var loader = new GrowingLoader(first)) {
            ClassLoader before = runAt(loader, "acme.First", 1);
            loader.addURL(second.toUri().toURL());
            assertThat(runAt(loader, "acme.Second", 2)).isSameAs(before);
            assertThat(runAt(loader, "acme.First", 1)).isSameAs(before);
        }
    }

    private static String job(String name, String result) {
        return """
        package acme;
        public record %s() implements dev.quiver.dataframe.Call<Integer> {
            public Integer call() { return %s; }
        }
        """
                .formatted(name, result);
    }

    private static ClassLoader runAt(ClassLoader client, String name, Object expected)
            throws Exception {
        var call = (Call<?>) client.loadClass(name).getConstructor().newInstance();
        ShippedTask task = Desk.session.task(Desk.send(call), List.of());
        assertThat(task.<Object>call(() -> ((Call<?>) task.value()).call())).isEqualTo(expected);
        assertThat(task.value().getClass()).isNotSameAs(call.getClass());
        return task.value().getClass().getClassLoader();
    }

    private static final class GrowingLoader extends java.net.URLClassLoader {
        GrowingLoader(Path jar) throws IOException {
            super(new java.net.URL[] {jar.toUri().toURL()});
        }

        @Override
        public void addURL(java.net.URL url) {
            super.addURL(url);
        }
    }

    @Test
    void a_jar_is_not_fetched_for_what_lies_beside_its_files_at_the_top() throws Exception {
        Path jar =
                new TinyJar()
                        .type("Here", "public class Here {}")
                        .type("acme.There", "package acme; public class There {}")
                        .resource("LICENSE", "as you like")
                        .jar(folder.resolve("licensed.jar"));

        ClassPathElement element = ClassPathScan.element(jar, new Bundles()).orElseThrow();

        assertThat(element.mayHave("Elsewhere.class")).isFalse();
        assertThat(element.mayHave("Here.class")).isTrue();
        assertThat(element.mayHave("LICENSE")).isTrue();
        assertThat(element.mayHave("acme/There.class")).isTrue();
        assertThat(element.mayHave("acme")).isTrue();
    }

    @Test
    void bytes_that_make_no_sense_are_refused_in_a_sentence() {
        byte[] whole = Desk.send(() -> 1).bytes();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Desk.session.task(Payload.of(cut), List.of()))
                    .isInstanceOfAny(IllegalArgumentException.class, QuiverException.class);
        }
        byte[] nonsense = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        assertThatThrownBy(() -> CodeManifest.of(nonsense)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> ClassPathListing.of(nonsense)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> ClassPathElement.of(nonsense)).isInstanceOf(IOException.class);
    }

    @Test
    void bytes_that_are_not_what_their_hash_says_are_refused() throws IOException {
        Payload payload = Desk.send(() -> 1);
        var session =
                new SessionCode(
                        new BundleStore(
                                Files.createDirectories(folder.resolve("b")),
                                hash -> {
                                    byte[] bytes = Desk.outbox.bundles().bytes(hash).clone();
                                    bytes[bytes.length / 2] ^= 1;
                                    return bytes;
                                }),
                        LoadersTest.class.getClassLoader());

        assertThatThrownBy(() -> session.task(payload, List.of()))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("arrived with other bytes than its name says")
                .hasMessageContaining("FILE_CORRUPT");
    }

    @Test
    void a_bundle_that_can_not_be_fetched_now_can_be_fetched_later() throws Exception {
        try (var cells = new Cells()) {
            cells.run("int k = 1; var pack = Desk.send(() -> k);");
            cells.run("Desk.kept = pack");
        }
        var failures = new AtomicInteger(3);
        var session =
                new SessionCode(
                        new BundleStore(
                                folder.resolve("b"),
                                hash -> {
                                    if (failures.getAndDecrement() > 0)
                                        throw new FileNotFoundException("nobody answers");
                                    return Desk.outbox.bundles().bytes(hash);
                                }),
                        LoadersTest.class.getClassLoader());

        for (int i = 0; i < 3; i++)
            assertThatThrownBy(() -> session.task(Desk.kept, List.of()))
                    .isInstanceOfSatisfying(
                            QuiverException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        ShippedTask task = session.task(Desk.kept, List.of());
        assertThat(task.<Object>call(() -> ((Call<?>) task.value()).call())).isEqualTo(1);
    }
}
