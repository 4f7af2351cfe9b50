package dev.quiver.pipeline;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.dataframe.Gate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// A process that loads a table and is killed somewhere in it.
final class TableVictim {
    private TableVictim() {}

    /// Flights that departed, added to a table.
    static Pipeline pipeline(Path csv, Path out, String url) {
        String file = csv.toString();
        return Pipeline.named("flights")
                .ledger(out.resolve("ledger").toString())
                .extract(read -> read.nulls("NA").chunkBytes("60KB").csv(file))
                .gate(
                        Gate.rules()
                                .notNull("dep_time")
                                .named("departed")
                                .quarantine(out.resolve("bad").toString()))
                .load(Load.table(url, "flights").append())
                .retry(3, Duration.ofMillis(1));
    }

    static Process start(Path csv, Path out, String url, long step) throws IOException {
        Files.createDirectories(out);
        return Victim.start(TableVictim.class, out, csv.toString(), out.toString(), url, "" + step);
    }

    public static void main(String[] arguments) {
        var fate = new Victim.Fate(Long.parseLong(arguments[3]), -1, 0);
        try (var q = Quiver.local(Options.defaults().slots(2).quiet())) {
            pipeline(Path.of(arguments[0]), Path.of(arguments[1]), arguments[2])
                    .in(Victim.with(new TroubledDisk(fate)))
                    .run(q);
        }
    }
}
