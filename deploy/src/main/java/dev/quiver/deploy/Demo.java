package dev.quiver.deploy;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.desc;

import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.MemoryReport;
import dev.quiver.dataframe.Written;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.pipeline.PipelineRun;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What `quiver demo` shows: a pipeline that loads one year of flights joined with what is known
/// about them, delays by what may explain them, and what it cost. A demo that was interrupted goes
/// on where it was.
record Demo(Session session, Path data, Path out, PrintStream print) {
    private static final long MEGABYTE = 1_000_000;
    private static final int TABLE_COLUMNS = 80;

    /// The directory of the example's files in the clone that the launcher belongs to.
    static Path dataOfClone() {
        String root = System.getProperty("quiver.root", "");
        Path data = Path.of(root, "examples", "nycflights13");
        if (Files.isDirectory(data)) return data;
        throw new QuiverException(
                ErrorCode.FILE_NOT_FOUND,
                "the demo's files aren't there",
                List.of("looked in: " + data.toAbsolutePath()),
                "start it as ./quiver demo from a clone of Quiver");
    }

    void run() {
        long started = System.nanoTime();
        var flights = new Flights(session, data);
        PipelineRun run = flights.load(out).run(session);
        line(
                "%,d flights that left New York City in 2013 and arrived, loaded with their",
                run.rowsLoaded());
        line("airlines, airports, aircraft and hourly weather in %.2f s;", secondsSince(started));
        line("%,d that didn't are in quarantine.", run.quarantined());
        if (run.resumedUnits() > 0)
            line(
                    "(The last demo was interrupted: %d of %d units were loaded by it.)",
                    run.resumedUnits(), run.units());
        DataFrame bad = session.read().parquet(out.resolve("quarantine") + "/");
        DataFrame joined = session.read().parquet(out.resolve("flights") + "/").persist();

        show(
                "Turned away at the gate",
                bad.groupBy("rule", "column").agg(count().as("flights")).sort(desc("flights")));
        show("What is missing", Flights.missing(joined).drop("departure", "arrival"));
        show("Delays by airline (minutes; late is more than 15)", told(Flights.byAirline(joined)));
        show("Delays by month", told(Flights.byMonth(joined)));
        show("The ten busiest routes", told(Flights.byRoute(joined).drop("dest").limit(10)));
        show("Delays by weather at departure", told(Flights.byWeather(joined)));

        MemoryReport memory = joined.memory();
        Written csv =
                Flights.byRoute(joined)
                        .write()
                        .overwrite()
                        .csv(out.resolve("delays_by_route.csv").toString());
        joined.release();

        heading("Written");
        PipelineRun.StepRun load =
                run.steps().stream().filter(s -> s.units() > 0).findFirst().orElseThrow();
        line(
                "%s: %,d rows, %,.1f MB",
                out.resolve("flights"), load.rows(), megabytes(load.bytes()));
        line("%s: %,d rows", out.resolve("quarantine"), run.quarantined());
        line("%s: %s", out.resolve("delays_by_route.csv"), summary(csv));
        heading("Cost");
        line("%,d rows, %.2f s", run.rowsLoaded() + run.quarantined(), secondsSince(started));
        peakMegabytes()
                .ifPresent(
                        peak -> line("%,d MB of memory at the peak, the JVM's own included", peak));
        line(
                "%,.1f MB held the joined columns; encoding saved %,.1f of %,.1f MB",
                megabytes(memory.bytes()),
                megabytes(memory.savedBytes()),
                megabytes(memory.plainBytes()));
    }

    private void show(String title, DataFrame frame) {
        heading(title);
        System.setProperty("quiver.columns", "" + TABLE_COLUMNS);
        frame.show(20);
    }

    /// A frame of delays as people read it: minutes to a tenth, shares in percent.
    private static DataFrame told(DataFrame delays) {
        DataFrame told =
                delays.withColumn("late_share", col("late_share").multiply(100).round(1))
                        .rename("late_share", "late_%");
        if (told.schema().has("cancelled")) told = told.drop("cancelled");
        for (String minutes : List.of("departure", "arrival")) {
            if (!told.schema().has(minutes)) continue;
            told = told.withColumn(minutes, col(minutes).round(1));
        }
        return told;
    }

    private void heading(String title) {
        print.println();
        print.println(title);
        print.println("-".repeat(title.length()));
    }

    private void line(String format, Object... values) {
        print.printf(Locale.ROOT, format + "%n", values);
    }

    private static String summary(Written written) {
        return String.format(
                Locale.ROOT,
                "%,d rows, %,.1f MB, %d file%s",
                written.rows(),
                megabytes(written.bytes()),
                written.files().size(),
                written.files().size() == 1 ? "" : "s");
    }

    private static double megabytes(long bytes) {
        return (double) bytes / MEGABYTE;
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    /// The largest resident size of this process, where the system tells it.
    private static Optional<Long> peakMegabytes() {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) return Optional.empty();
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024 / MEGABYTE)
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + status, e);
        }
    }
}
