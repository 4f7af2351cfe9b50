package dev.quiver.pipeline;

import static dev.quiver.dataframe.Functions.col;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.dataframe.Gate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A process that runs a pipeline and is killed somewhere in it.
final class Victim {
    private Victim() {}

    /// Flights that departed and arrived, once each, in folders, and the late ones as CSV.
    static Pipeline pipeline(Path csv, Path out) {
        String file = csv.toString();
        return Pipeline.named("flights")
                .ledger(out.resolve("ledger").toString())
                .extract(read -> read.nulls("NA").chunkBytes("150KB").csv(file))
                .gate(
                        Gate.rules()
                                .notNull("dep_time")
                                .named("departed")
                                .notNull("arr_delay")
                                .named("arrived")
                                .unique("carrier", "flight", "day")
                                .quarantine(out.resolve("bad").toString()))
                .load(Load.parquet(out.resolve("flights").toString()).partitionBy("origin"))
                .branch(
                        "late",
                        df -> df.filter(col("arr_delay").gt(15)).select("carrier", "arr_delay"),
                        Load.csv(out.resolve("late").toString()).dropSeen("carrier", "arr_delay"))
                .retry(3, Duration.ofMillis(1));
    }

    static Surroundings with(Disk disk) {
        return new Surroundings(
                disk,
                duration -> Thread.sleep(duration),
                new Random(1),
                System::nanoTime,
                InstantSource.system());
    }

    /// What happens to the process, said in three numbers: the step at which it is killed (0 for
    /// none), how many bytes of what is written then reach the disk (-1 for none), and the step at
    /// which the disk fails once, so that it is tried again (0 for none).
    record Fate(long kill, int torn, long fail) implements TroubledDisk.Trouble {
        @Override
        public void before(long step, String what) throws IOException {
            if (step == kill) die();
            if (step == fail) throw new IOException("the disk doesn't answer");
        }

        @Override
        public int torn(long step, int bytes) {
            return step == kill && torn >= 0 ? Math.min(torn, bytes) : -1;
        }

        private static void die() throws IOException {
            String pid = "" + ProcessHandle.current().pid();
            new ProcessBuilder("kill", "-9", pid).start();
            while (true) {
                try {
                    Thread.sleep(1000);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        }
    }

    /// Runs it in a process of its own.
    static Process start(Path csv, Path out, Fate fate) throws IOException {
        Files.createDirectories(out);
        return start(Victim.class, csv, out, fate);
    }

    /// Runs a `main` of tests in a process of its own.
    ///
    /// @param out beside it is the log
    static Process start(Class<?> main, Path csv, Path out, Fate fate) throws IOException {
        return start(
                main,
                out,
                csv.toString(),
                out.toString(),
                "" + fate.kill(),
                "" + fate.torn(),
                "" + fate.fail());
    }

    /// Runs a `main` of tests in a process of its own.
    ///
    /// @param out beside it is the log
    static Process start(Class<?> main, Path out, String... arguments) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        var command = new ArrayList<String>();
        command.addAll(List.of(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", classes, main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.resolveSibling(out.getFileName() + ".log").toFile())
                .start();
    }

    static Fate fate(String[] arguments) {
        return new Fate(
                Long.parseLong(arguments[2]),
                Integer.parseInt(arguments[3]),
                Long.parseLong(arguments[4]));
    }

    public static void main(String[] arguments) {
        try (var q = Quiver.local(Options.defaults().slots(2).quiet())) {
            pipeline(Path.of(arguments[0]), Path.of(arguments[1]))
                    .in(with(new TroubledDisk(fate(arguments))))
                    .run(q);
        }
    }
}
