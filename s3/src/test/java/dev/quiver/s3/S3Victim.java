package dev.quiver.s3;

import static dev.quiver.dataframe.Functions.col;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.dataframe.Gate;
import dev.quiver.pipeline.Load;
import dev.quiver.pipeline.Pipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A process that runs a pipeline in a bucket and is killed somewhere in it.
final class S3Victim {
    private S3Victim() {}

    /// Numbers without those that aren't, once each, in folders, and the large ones as CSV.
    static Pipeline pipeline(String in, String out, String ledger) {
        return Pipeline.named("numbers")
                .ledger(ledger)
                .extract(read -> read.chunkBytes("15KB").csv(in))
                .gate(
                        Gate.rules()
                                .notNull("text")
                                .named("said")
                                .unique("id")
                                .named("once")
                                .quarantine(out + "/bad"))
                .load(Load.parquet(out + "/numbers/").partitionBy("rest"))
                .branch(
                        "large",
                        df -> df.filter(col("id").gt(2_800)).select("id", "text"),
                        Load.csv(out + "/large"))
                .retry(3, Duration.ofMillis(1));
    }

    /// Runs it in a process of its own, which finds the store as this one does.
    static Process start(Path log, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        for (String name : MotoServer.PROPERTIES)
            command.add("-D%s=%s".formatted(name, System.getProperty(name)));
        String classes =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", classes, S3Victim.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    public static void main(String[] arguments) {
        try (var q = Quiver.local(Options.defaults().slots(2).quiet())) {
            pipeline(arguments[0], arguments[1], arguments[2]).run(q);
        }
    }
}
