package dev.quiver.worker.user.ship;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.dataframe.Call;
import dev.quiver.worker.user.sample.Counted;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Closures run in a JVM that has Quiver's classes but none of the user's.
@Timeout(120)
final class OtherJvmTest {
    private static final String LIBRARY =
            """
            package acme.library;
            public final class Version {
                public static String name() throws Exception {
                    try (var in = Version.class.getResourceAsStream("name.txt")) {
                        return "%s " + new String(in.readAllBytes());
                    }
                }
            }
            """;
    private static final String JOB =
            """
            package acme.job;
            import dev.quiver.dataframe.Call;
            public record Job(int n) implements Call<String> {
                public String call() throws Exception {
                    var loader = Thread.currentThread().getContextClassLoader();
                    var services = java.util.ServiceLoader.load(Runnable.class, loader);
                    return acme.library.Version.name() + " " + n + " " + services.stream().count()
                            + " " + Collections(loader);
                }
                private static int Collections(ClassLoader loader) throws Exception {
                    return java.util.Collections.list(loader.getResources("acme/library/name.txt")).size();
                }
                public static Call<String> lambda(int n) { return () -> new Job(n).call(); }
                public static final class Service implements Runnable { public void run() {} }
            }
            """;

    @TempDir Path folder;

    @Test
    void closures_of_the_class_path_and_of_cells_run_where_their_classes_are_not()
            throws Exception {
        try (var cells = new Cells();
                var worker = new OtherJvm(folder)) {
            Counted.started = 5;
            assertThat(worker.run(Counted.reading())).isEqualTo(1);
            assertThat(worker.run(Counted.trading(3))).isEqualTo(new Counted.Trade("A", 3));
            CellsDesk.worker = worker;
            cells.run("int k = 7; record Lot(int n) {} int twice(int x) { return x * 2; }");
            assertThat(
                            cells.run(
                                    "dev.quiver.worker.user.ship.CellsDesk.run(() -> new"
                                            + " Lot(twice(k)))"))
                    .isEqualTo("Lot[n=14]");
            int bundles = worker.bundles();
            cells.run("k = 8");
            String loop =
                    "Call<Lot> call = () -> new Lot(k); for (k = 0; k < 100; k++) {"
                            + " dev.quiver.worker.user.ship.CellsDesk.run(call); }";
            cells.run(loop);
            assertThat(worker.bundles() - bundles).isLessThan(8);
        }
    }

    @Test
    void the_users_version_of_a_library_is_loaded_before_the_workers() throws Exception {
        Path theirs =
                new TinyJar()
                        .type("acme.library.Version", LIBRARY.formatted("worker"))
                        .resource("acme/library/name.txt", "other")
                        .jar(folder.resolve("theirs.jar"));
        Path ours =
                new TinyJar()
                        .type("acme.library.Version", LIBRARY.formatted("client"))
                        .type("acme.job.Job", JOB)
                        .resource("acme/library/name.txt", "mine")
                        .resource("META-INF/services/java.lang.Runnable", "acme.job.Job$Service")
                        .jar(folder.resolve("ours.jar"));
        try (var loader = new URLClassLoader(new URL[] {ours.toUri().toURL()});
                var worker = new OtherJvm(folder, theirs)) {
            Class<?> job = loader.loadClass("acme.job.Job");
            var call = (Call<?>) job.getConstructor(int.class).newInstance(4);
            assertThat(worker.run(call)).isEqualTo("client mine 4 1 2");
            var lambda = (Call<?>) job.getMethod("lambda", int.class).invoke(null, 5);
            assertThat(worker.run(lambda)).isEqualTo("client mine 5 1 2");
        }
    }
}
