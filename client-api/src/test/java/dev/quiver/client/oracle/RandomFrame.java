package dev.quiver.client.oracle;

import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.schema.DataType;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// One table of random values, as DuckDB has it and as Quiver reads it from the Parquet files that
/// DuckDB wrote.
///
/// @param name of DuckDB's table
/// @param files what Quiver reads, in the order of the column `id`
record RandomFrame(String name, Condition condition, List<Path> files) {
    private static final int FILES_MAX = 4;

    /// Fills the table `name`, which stays the same table so that prepared queries stay valid, and
    /// writes its files; column `id` counts the rows.
    static RandomFrame make(
            Connection duckdb, Path folder, String name, Condition condition, Random random)
            throws SQLException {
        int rows =
                switch (condition) {
                    case EMPTY -> 0;
                    case ONE_ROW -> 1;
                    case PLAIN, NULLS, NAN, ALL_NULL, SKEW -> 20 + random.nextInt(130);
                };
        try (Statement sql = duckdb.createStatement()) {
            var columns = new ArrayList<String>();
            for (Kind kind : Kind.values()) columns.add(kind.column() + " " + kind.sql);
            sql.execute(
                    "create table if not exists %s (id BIGINT, %s)"
                            .formatted(name, String.join(", ", columns)));
            sql.execute("delete from " + name);
            if (rows > 0)
                sql.execute(
                        "insert into %s values %s"
                                .formatted(name, values(rows, condition, random)));
            return new RandomFrame(name, condition, write(sql, folder, name, rows, random));
        }
    }

    private static List<Path> write(
            Statement sql, Path folder, String name, int rows, Random random) throws SQLException {
        int count = 1 + random.nextInt(FILES_MAX);
        int perFile = Math.max(1, (rows + count - 1) / count);
        var files = new ArrayList<Path>();
        for (int i = 0; i < count; i++) {
            Path file = folder.resolve("%s_%d.parquet".formatted(name, i));
            sql.execute(
                    "copy (select * from %s where id >= %d and id < %d order by id) to '%s' (format parquet)"
                            .formatted(name, (long) i * perFile, (i + 1L) * perFile, file));
            files.add(file);
        }
        return files;
    }

    private static String values(int rows, Condition condition, Random random) {
        var text = new StringBuilder();
        for (int row = 0; row < rows; row++) {
            text.append(row == 0 ? "(" : ", (").append(row);
            boolean common = condition == Condition.SKEW && random.nextInt(10) > 0;
            Random values = common ? new Random(42) : random;
            for (Kind kind : Kind.values())
                text.append(", ")
                        .append(
                                isNull(condition, random)
                                        ? "null"
                                        : value(kind, condition, values));
            text.append(')');
        }
        return text.toString();
    }

    private static boolean isNull(Condition condition, Random random) {
        return switch (condition) {
            case ALL_NULL -> true;
            case NULLS, NAN -> random.nextInt(4) == 0;
            case PLAIN, EMPTY, ONE_ROW, SKEW -> false;
        };
    }

    /// A literal of few distinct values, so that groups and joins meet; doubles are quarters, so
    /// that sums are exact in any order.
    private static String value(Kind kind, Condition condition, Random random) {
        return switch (kind) {
            case BOOL -> random.nextBoolean() ? "true" : "false";
            case INT -> Integer.toString(random.nextInt(21) - 10);
            case LONG -> Long.toString((random.nextInt(21) - 10) * 10_000_000_019L);
            case DOUBLE -> number(condition, random);
            case DECIMAL -> "%d.%02d".formatted(random.nextInt(41) - 20, random.nextInt(100));
            case WIDE ->
                    "%d12345678901234567.%03d"
                            .formatted(random.nextInt(19) - 9, random.nextInt(10) * 100);
            case DATE ->
                    "date '%d-%02d-%02d'"
                            .formatted(
                                    1968 + random.nextInt(4),
                                    1 + random.nextInt(12),
                                    1 + random.nextInt(28));
            case TIME -> "timestamp '%s'".formatted(moment(random));
            case INSTANT -> "timestamptz '%s+00'".formatted(moment(random));
            case TEXT, CATEGORY -> text(random);
            case TINY, SMALL -> Integer.toString(random.nextInt(21) - 10);
            case UTINY, USMALL, UINT -> Integer.toString(random.nextInt(21));
            case ULONG -> Integer.toString(random.nextInt(21));
            case FLOAT -> number(condition, random).replace("double", "float");
            case CLOCK ->
                    "time '%02d:%02d:%02d.%06d'"
                            .formatted(
                                    random.nextInt(24),
                                    random.nextInt(3) * 20,
                                    random.nextInt(3) * 20,
                                    random.nextInt(3) * 250_001);
            case BYTES -> "encode(" + text(random) + ")";
        };
    }

    private static String number(Condition condition, Random random) {
        if (condition == Condition.NAN && random.nextInt(4) == 0) {
            String[] odd = {"'nan'::double", "'inf'::double", "'-inf'::double", "-0.0::double"};
            return odd[random.nextInt(odd.length)];
        }
        return String.format(Locale.ROOT, "%s::double", (random.nextInt(81) - 40) / 4.0);
    }

    private static String moment(Random random) {
        return "%d-%02d-%02d %02d:%02d:%02d.%06d"
                .formatted(
                        1969 + random.nextInt(3),
                        1 + random.nextInt(12),
                        1 + random.nextInt(28),
                        random.nextInt(24),
                        random.nextInt(60),
                        random.nextInt(60),
                        random.nextInt(3) * 250_001);
    }

    private static String text(Random random) {
        String[] texts = {
            "",
            "a",
            "A",
            "b",
            "ab",
            "aB c",
            "Zürich",
            "zu",
            "naïve text, longer than 16 bytes",
            "日本",
            "𝒳y",
            "e'q"
        };
        return "'" + texts[random.nextInt(texts.length)].replace("'", "''") + "'";
    }

    /// The frame as Quiver reads it.
    DataFrame read(Session session) {
        return session.read()
                .type(Kind.CATEGORY.column(), DataType.CATEGORICAL)
                .parquet(files.stream().map(Path::toString).toArray(String[]::new));
    }
}
