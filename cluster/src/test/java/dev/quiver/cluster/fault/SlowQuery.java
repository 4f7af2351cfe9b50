package dev.quiver.cluster.fault;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A grouping of files that takes two workers about a second, and what one process answers.
record SlowQuery(Path files, List<String> expected) {
    private static final int FILES = 8;
    private static final int ROWS = 1_000;

    record Order(long id, double amount, String kind) {}

    /// @param directory where the files are written
    static SlowQuery in(Path directory) throws IOException {
        Path files = Files.createDirectories(directory.resolve("orders"));
        for (int file = 0; file < FILES; file++) {
            var lines = new ArrayList<String>(List.of("id,amount,kind"));
            for (int i = 0; i < ROWS; i++)
                lines.add("%d,%d.%02d,k%d".formatted(file * ROWS + i, i % 50, i % 100, i % 7));
            Files.write(files.resolve("part-" + file + ".csv"), lines);
        }
        try (Session local = Quiver.local(Options.defaults().quiet())) {
            return new SlowQuery(files, rows(local, files));
        }
    }

    List<String> rows(Session session) {
        return rows(session, files);
    }

    private static List<String> rows(Session session, Path files) {
        DataFrame groups =
                session.read()
                        .csv(files + "/*.csv")
                        .as(Order.class)
                        .map(
                                Order.class,
                                order -> {
                                    if (order.id() % 50 == 0) Thread.sleep(10);
                                    return new Order(order.id(), order.amount() * 2, order.kind());
                                })
                        .df()
                        .groupBy("kind")
                        .agg(count().as("n"), col("amount").sum().as("sum"))
                        .sort("kind");
        return CollectedRows.rows(groups);
    }
}
