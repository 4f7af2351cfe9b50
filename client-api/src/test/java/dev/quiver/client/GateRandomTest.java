package dev.quiver.client;

import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Gate;
import dev.quiver.dataframe.Written;
import dev.quiver.schema.DataType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files with dirty rows of all kinds, cut anywhere: each bad row goes to quarantine exactly once,
/// with its line and text. Which rules readable rows break is DuckDB's to say.
final class GateRandomTest {
    private static final int ROWS = 3000;

    private static Session q;

    @TempDir private Path folder;

    private final long seed =
            System.getProperty("seed", "").isEmpty()
                    ? new Random().nextLong()
                    : Long.parseLong(System.getProperty("seed"));
    private final Random random = new Random(seed);
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();

    /// What must be in quarantine: `line rule column raw` by line.
    private final TreeMap<Long, String> bad = new TreeMap<>();

    private final StringBuilder readable = new StringBuilder();
    private final TreeMap<Long, String> rawByLine = new TreeMap<>();
    private long line = 2;
    private Connection duck;

    @BeforeAll
    static void open() {
        q = Quiver.local(Options.defaults().slots(2).quiet());
    }

    @AfterAll
    static void close() {
        q.close();
    }

    @BeforeEach
    void openDuck() throws SQLException {
        System.out.println("GateRandomTest -Dseed=" + seed);
        duck = DriverManager.getConnection("jdbc:duckdb:");
    }

    @AfterEach
    void closeDuck() throws SQLException {
        duck.close();
    }

    private void write(String row) {
        byte[] bytes = row.getBytes(StandardCharsets.UTF_8);
        text.writeBytes(bytes);
        endLine();
        line += 1 + row.chars().filter(c -> c == '\n').count();
    }

    private void endLine() {
        text.writeBytes(random.nextInt(4) == 0 ? new byte[] {'\r', '\n'} : new byte[] {'\n'});
    }

    private static <T> T one(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private void generate() {
        text.writeBytes("id,qty,price,name,day,code\n".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < ROWS; i++) {
            if (random.nextInt(50) == 0) write("");
            String id = String.valueOf(random.nextInt(ROWS * 2));
            String qty = random.nextInt(20) == 0 ? "" : String.valueOf(random.nextInt(-2, 105));
            String price = random.nextInt(20) == 0 ? "" : random.nextInt(120) + ".5";
            String name =
                    one(
                            random,
                            List.of(
                                    "ann",
                                    "",
                                    "\"\"",
                                    "\"b\nc\"",
                                    "longlonglong",
                                    "\"a,\"\"b\"",
                                    "é"));
            String day =
                    random.nextInt(9) == 0
                            ? ""
                            : "2013-0%d-1%d".formatted(1 + random.nextInt(9), random.nextInt(9));
            String code = one(random, List.of("AA", "UA", "DL", "", "ZZ"));
            var fields = new ArrayList<>(List.of(id, qty, price, name, day, code));
            switch (random.nextInt(12)) {
                case 0 -> type(fields);
                case 1 -> shape(fields);
                case 2 -> encoding(fields);
                default -> readable(fields);
            }
        }
    }

    private void type(List<String> fields) {
        int column = one(random, List.of(0, 1, 2, 4));
        fields.set(column, one(random, List.of("x1", "1x", "--", "2013-13-45")));
        if (random.nextBoolean()) fields.set(4, "someday");
        int first = Math.min(column, fields.get(4).equals("someday") ? 4 : column);
        String row = String.join(",", fields);
        bad.put(
                line,
                "type %s %s"
                        .formatted(List.of("id", "qty", "price", "name", "day").get(first), row));
        write(row);
    }

    private void shape(List<String> fields) {
        switch (random.nextInt(3)) {
            case 0 -> fields.removeLast();
            case 1 -> fields.add("more");
            default -> fields.set(3, "\"closed\"open");
        }
        String row = String.join(",", fields);
        bad.put(line, "shape null " + row);
        write(row);
    }

    private void encoding(List<String> fields) {
        String before = String.join(",", fields.subList(0, 3)) + ",a";
        String behind = "b," + String.join(",", fields.subList(4, 6));
        bad.put(line, "encoding name %s\uFFFD%s".formatted(before, behind));
        text.writeBytes(before.getBytes(StandardCharsets.UTF_8));
        text.write(0xFF);
        text.writeBytes(behind.getBytes(StandardCharsets.UTF_8));
        endLine();
        line++;
    }

    private void readable(List<String> fields) {
        String row = String.join(",", fields);
        rawByLine.put(line, row);
        String name = fields.get(3);
        String value = name.isEmpty() ? "null" : "'" + unquoted(name) + "'";
        readable.append(readable.isEmpty() ? "" : ",")
                .append(
                        "(%d,%s,%s,%s,%s,%s)"
                                .formatted(
                                        line,
                                        orNull(fields.get(0)),
                                        orNull(fields.get(1)),
                                        orNull(fields.get(2)),
                                        value,
                                        fields.get(5).isEmpty()
                                                ? "null"
                                                : "'" + fields.get(5) + "'"));
        write(row);
    }

    private static String unquoted(String field) {
        if (!field.startsWith("\"")) return field;
        return field.substring(1, field.length() - 1).replace("\"\"", "\"");
    }

    private static String orNull(String field) {
        return field.isEmpty() ? "null" : field;
    }

    private void askDuck(boolean unique) throws SQLException {
        try (Statement statement = duck.createStatement()) {
            statement.execute(
                    "create or replace table t(line bigint, id bigint, qty bigint, price double,"
                            + " name varchar, code varchar)");
            statement.execute("insert into t values " + readable);
            String broken =
                    """
                    create or replace table r as select *,
                      case when qty is null then 'counted qty'
                           when not (qty between 1 and 100) then 'range qty'
                           when not (length(name) between 1 and 8) then 'length name'
                           when not (price * qty <= 5000) then 'cheap null'
                           when code is not null and code not in ('AA','UA','DL') then 'foreignKey code'
                           when not (id % 97 <> 5) then 'lucky null'
                      end as rule from t
                    """;
            statement.execute(broken);
            if (unique)
                statement.execute(
                        """
                        update r set rule = 'unique id' where rule is null and line not in
                          (select min(line) from r where rule is null group by id)
                        """);
            ResultSet rows =
                    statement.executeQuery("select line, rule from r where rule is not null");
            while (rows.next())
                bad.put(rows.getLong(1), rows.getString(2) + " " + rawByLine.get(rows.getLong(1)));
        }
    }

    record Numbered(Long id) {}

    private Gate gate(boolean unique) throws IOException {
        Path codes = Files.writeString(folder.resolve("codes.csv"), "code,x\nAA,1\nUA,2\nDL,3\n");
        Gate gate =
                Gate.rules()
                        .type("id", DataType.INT64)
                        .type("qty", DataType.INT64)
                        .type("price", DataType.FLOAT64)
                        .type("day", DataType.DATE)
                        .notNull("qty")
                        .named("counted")
                        .range("qty", 1, 100)
                        .length("name", 1, 8)
                        .check("cheap", col("price").multiply(col("qty")).le(5000))
                        .foreignKey("code", codes.toString(), "code")
                        .check("lucky", Numbered.class, row -> row.id() % 97 != 5);
        return unique ? gate.unique("id") : gate;
    }

    private List<String> quarantined(Path directory) throws SQLException {
        var rows = new ArrayList<String>();
        try (Statement statement = duck.createStatement()) {
            ResultSet found =
                    statement.executeQuery(
                            "select row, rule, \"column\", raw from read_parquet('%s/*.parquet') order by row"
                                    .formatted(directory));
            while (found.next())
                rows.add(
                        "%d: %s %s %s"
                                .formatted(
                                        found.getLong(1),
                                        found.getString(2),
                                        found.getString(3),
                                        found.getString(4)));
        }
        return rows;
    }

    private void check(Path csv, String chunkBytes, boolean unique) throws Exception {
        Path out = Files.createTempDirectory(folder, "out");
        DataFrame rows = q.read().chunkBytes(chunkBytes).csv(csv);

        Written written =
                rows.gate(gate(unique).quarantine(out + "/bad/")).write().parquet(out + "/good/");

        var expected = new ArrayList<String>();
        bad.forEach((at, what) -> expected.add(at + ": " + what));
        assertThat(quarantined(out.resolve("bad")))
                .as("chunks of " + chunkBytes)
                .isEqualTo(expected);
        long total = bad.size() + written.rows();
        long readableBad =
                bad.values().stream()
                        .filter(b -> !b.matches("(?s)(type|shape|encoding) .*"))
                        .count();
        assertThat(total).isEqualTo(rawByLine.size() + bad.size() - readableBad);
    }

    private Path file(boolean gzip) throws IOException {
        Path path = folder.resolve(gzip ? "dirty.csv.gz" : "dirty.csv");
        try (OutputStream out = Files.newOutputStream(path);
                OutputStream to = gzip ? new GZIPOutputStream(out) : out) {
            text.writeTo(to);
        }
        return path;
    }

    @Test
    void each_bad_row_is_kept_once_with_its_line_however_the_file_is_cut() throws Exception {
        generate();
        askDuck(false);
        Path csv = file(false);

        for (String size : List.of("1GB", "40KB", "9KB", "2KB")) check(csv, size, false);
        check(file(true), "1GB", false);
    }

    @Test
    void the_first_of_equal_keys_stays_however_the_file_is_cut() throws Exception {
        generate();
        askDuck(true);
        Path csv = file(false);

        for (String size : List.of("1GB", "9KB", "2KB")) check(csv, size, true);
    }
}
