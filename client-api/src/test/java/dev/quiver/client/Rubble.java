package dev.quiver.client;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// Random data that shows every change of an order: floats of all sizes, whose sums depend on it,
/// NaN, infinities, zeros of both signs, nulls, and one key that most rows have; in files of very
/// different sizes.
record Rubble(Path folder) {
    private static final List<Integer> FILE_ROWS = List.of(33_000, 1, 1_500, 23_000, 0, 14_500);
    private static final int NAMES = 900;

    static Rubble make(Path folder, Random random) throws IOException {
        var rubble = new Rubble(folder);
        int id = 0;
        for (int i = 0; i < FILE_ROWS.size(); i++) {
            Path file = folder.resolve("facts_%d.csv".formatted(i));
            try (Writer out = Files.newBufferedWriter(file)) {
                out.write("id,k,many,kind,flag,name,v,w,amount\n");
                for (int row = 0; row < FILE_ROWS.get(i); row++) {
                    out.write(line(id++, random));
                }
            }
        }
        try (Writer out = Files.newBufferedWriter(folder.resolve("names.csv"))) {
            out.write("name,weight\n");
            for (int i = 0; i < NAMES; i += 2) out.write("n%d,%s\n".formatted(i, wild(random)));
        }
        try (Session session = Quiver.local(Options.defaults().slots(1).quiet())) {
            for (int i = 0; i < FILE_ROWS.size(); i++)
                rubble.lines(session, "facts_%d.csv".formatted(i))
                        .write()
                        .parquet(folder.resolve("facts_%d.parquet".formatted(i)).toString());
        }
        return rubble;
    }

    private static String line(int id, Random random) {
        int k = random.nextInt(10) < 6 ? 7 : random.nextInt(300);
        return String.join(
                        ",",
                        Integer.toString(id),
                        random.nextInt(50) == 0 ? "" : Integer.toString(k),
                        Integer.toString(random.nextInt(14_000)),
                        random.nextInt(20) == 0 ? "" : "kind " + (char) ('A' + random.nextInt(9)),
                        random.nextInt(9) == 0 ? "" : Boolean.toString(random.nextBoolean()),
                        random.nextInt(30) == 0 ? "" : "n" + random.nextInt(NAMES),
                        odd(random),
                        Double.toString(wild(random)),
                        random.nextInt(15) == 0 ? "" : "%d.%02d".formatted(id % 997, id % 100))
                + "\n";
    }

    private static String odd(Random random) {
        return switch (random.nextInt(14_000)) {
            case 0 -> "nan";
            case 1 -> "inf";
            case 2 -> "-inf";
            default ->
                    switch (random.nextInt(12)) {
                        case 0 -> "";
                        case 1 -> "0.0";
                        case 2 -> "-0.0";
                        case 3 -> Integer.toString(random.nextInt(40));
                        default -> Double.toString(wild(random));
                    };
        };
    }

    /// A number of 1e-9 to 1e9.
    private static double wild(Random random) {
        return random.nextGaussian() * Math.pow(10, random.nextInt(19) - 9);
    }

    /// The CSV files, in some fifty partitions.
    DataFrame lines(Session session) {
        return lines(session, "facts_*.csv");
    }

    private DataFrame lines(Session session, String name) {
        var schema =
                Schema.of(
                        Field.of("id", DataType.INT64),
                        Field.of("k", DataType.INT32),
                        Field.of("many", DataType.INT64),
                        Field.of("kind", DataType.CATEGORICAL),
                        Field.of("flag", DataType.BOOL),
                        Field.of("name", DataType.UTF8),
                        Field.of("v", DataType.FLOAT64),
                        Field.of("w", DataType.FLOAT64),
                        Field.of("amount", DataType.decimal(12, 2)));
        return session.read()
                .schema(schema)
                .chunkBytes("120KB")
                .csv(folder.resolve(name).toString());
    }

    /// The same rows as Parquet, a partition a file.
    DataFrame facts(Session session) {
        return session.read()
                .type("kind", DataType.CATEGORICAL)
                .parquet(folder.resolve("facts_*.parquet").toString());
    }

    DataFrame names(Session session) {
        return session.read().chunkBytes("4KB").csv(folder.resolve("names.csv"));
    }
}
