package dev.quiver.testkit;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.pipeline.Pipeline;
import dev.quiver.pipeline.PipelineRun;
import dev.quiver.pipeline.Trouble;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.AssertionFailedError;

/// A session and an empty directory for each test of a pipeline.
///
/// ```java
/// @RegisterExtension final PipelineTest test = new PipelineTest();
///
/// @Test
/// void late_flights_are_loaded() {
///     String input = test.csv("flights.csv", "flight,delay\n1,20\n2,3\n");
///     test.run(Late.pipeline(input, test.path("out")));
///     assertThat(test.parquet("out/late")).hasRowCount(1);
/// }
/// ```
///
/// An extension of JUnit 5; without JUnit, [#open] and [#close] do.
public final class PipelineTest implements BeforeEachCallback, AfterEachCallback, AutoCloseable {
    private @Nullable Session session;
    private @Nullable Path directory;
    private int tables;

    /// Opens the session and makes the directory.
    public PipelineTest open() {
        try {
            directory = Files.createTempDirectory("pipeline-test");
        } catch (IOException e) {
            throw new UncheckedIOException("making a directory for the test", e);
        }
        session = Quiver.local(Options.defaults().slots(2).quiet());
        return this;
    }

    /// Closes the session and deletes the directory.
    @Override
    public void close() {
        if (session != null) session.close();
        if (directory != null) delete(directory);
        session = null;
        directory = null;
    }

    private static void delete(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException("deleting the test's directory", e);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        open();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close();
    }

    /// The test's session.
    public Session session() {
        return Objects.requireNonNull(session, "the test hasn't begun: is it registered?");
    }

    /// The test's directory.
    public Path directory() {
        return Objects.requireNonNull(directory, "the test hasn't begun: is it registered?");
    }

    /// A path in the test's directory.
    public String path(String name) {
        return directory().resolve(name).toString();
    }

    /// Writes a file into the test's directory.
    ///
    /// @return its path
    public String csv(String name, String text) {
        Path file = directory().resolve(name);
        try {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            return Files.writeString(file, text).toString();
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + file, e);
        }
    }

    /// A frame of rows written as a table, with the types that a CSV file with these would have.
    /// Nothing between bars is null, `""` is the empty text.
    ///
    /// ```java
    /// DataFrame cities = test.table(
    ///         """
    ///         id | city
    ///         1  | Oslo
    ///         2  |
    ///         """);
    /// ```
    public DataFrame table(String table) {
        String file = csv("table-%d.csv".formatted(++tables), Grid.parse(table).csv());
        return session().read().csv(file);
    }

    /// A frame of records.
    public <R extends Record> DataFrame records(Class<R> type, List<R> rows) {
        return session().of(type, rows);
    }

    /// A frame of made-up rows, the same for the same seed; see [GeneratedRows] for what can be
    /// said about them.
    public DataFrame generated(Schema schema, int rows, long seed) {
        return GeneratedRows.of(schema).seed(seed).frame(session(), rows);
    }

    /// The Parquet files in a directory of the test's.
    public DataFrame parquet(String name) {
        return session().read().parquet(path(name) + "/");
    }

    /// Runs a pipeline, with its ledger in the test's directory.
    public PipelineRun run(Pipeline pipeline) {
        return run(pipeline, Trouble.NONE);
    }

    /// Runs a pipeline in which something goes wrong, without pauses between tries.
    public PipelineRun run(Pipeline pipeline, Trouble trouble) {
        return pipeline.ledger(path("ledger-" + pipeline.name())).troubled(trouble).run(session());
    }

    /// Runs a pipeline that is aborted somewhere; the next [#run(Pipeline)] goes on.
    ///
    /// @throws AssertionFailedError when it wasn't, with the places that it came by
    public void abort(Pipeline pipeline, Faults faults) {
        try {
            run(pipeline, faults);
        } catch (Faults.Abort _) {
            return;
        }
        throw new AssertionFailedError(
                "the run wasn't aborted; it came by\n  " + String.join("\n  ", faults.passed()));
    }
}
