package dev.quiver.io.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.QuiverException;
import dev.quiver.io.DictionarySet;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.CsvText;
import dev.quiver.operator.FileRange;
import dev.quiver.operator.Source;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files in other dialects than plain UTF-8: comments, encodings, lines to skip, quoted nulls,
/// decimal commas. `-Dseed=` repeats a run.
class CsvDialectTest {
    private static final int FILES = 100 * Integer.getInteger("seeds.factor", 1);
    private static final Schema TWO =
            Schema.of(Field.of("a", DataType.INT64), Field.of("b", DataType.UTF8));

    @TempDir Path directory;

    private static long seed() {
        String given = System.getProperty("seed", "");
        long seed = given.isEmpty() ? new Random().nextLong() : Long.parseLong(given);
        System.out.println("CsvDialectTest -Dseed=" + seed);
        return seed;
    }

    private static CsvFormat format(CsvText text) {
        return CsvFormat.DEFAULT.withText(text);
    }

    private Path file(String text) {
        return CsvTexts.file(directory, text);
    }

    private String error(Path file, CsvFormat format) {
        QuiverException e =
                catchThrowableOfType(QuiverException.class, () -> CsvTexts.read(file, format, TWO));
        String text = String.valueOf(e.getMessage()).replace(directory + "/", "");
        System.out.println(text);
        return text;
    }

    @Test
    void what_was_written_is_read_in_every_dialect() {
        long seed = seed();
        for (int i = 0; i < FILES; i++) {
            var csv = new RandomDialect(seed + i, 300);
            var random = new Random(seed + i);
            boolean zipped = random.nextInt(4) == 0;
            byte[] bytes = csv.bytes();
            Path file =
                    zipped
                            ? CsvTexts.file(directory, "t.csv.gz", CsvTexts.gzip(bytes))
                            : CsvTexts.file(directory, "t.csv", bytes);
            long rangeBytes =
                    csv.format.text().isWhole() ? Long.MAX_VALUE >> 8 : 1 + random.nextInt(2000);

            var rows =
                    CsvTexts.read(
                            csv.format,
                            RandomDialect.SCHEMA,
                            RandomDialect.SCHEMA,
                            CsvSplits.of(List.of(file), rangeBytes),
                            64 << random.nextInt(5));

            assertThat(rows).as("seed %d, %s", seed + i, csv.format).isEqualTo(csv.rows);
        }
    }

    @Test
    void what_is_inferred_reads_the_same_rows() {
        long seed = seed();
        for (int i = 0; i < FILES / 4; i++) {
            var csv = new RandomDialect(seed + i, 300);
            Path file = CsvTexts.file(directory, "t.csv", csv.bytes());

            Schema inferred = CsvTexts.infer(file, csv.format);

            assertThat(CsvTexts.read(file, csv.format, inferred))
                    .as("seed %d, %s", seed + i, csv.format)
                    .hasSameSizeAs(csv.rows);
            if (csv.rows.size() < 100) continue;
            assertThat(inferred.fields().stream().map(Field::type))
                    .as("seed %d, %s", seed + i, csv.format)
                    .containsExactly(
                            DataType.UTF8,
                            DataType.INT64,
                            DataType.FLOAT64,
                            DataType.FLOAT64,
                            DataType.DATE,
                            DataType.UTF8);
        }
    }

    @Test
    void duckdb_reads_the_same_values() throws SQLException {
        long seed = seed();
        int compared = 0;
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
            for (int i = 0; i < FILES; i++) {
                var csv = new RandomDialect(seed + i, 200);
                Optional<String> encoding = duckdbEncoding(csv.format.text().encoding());
                // DuckDB finds no end of a quoted line end in a first row that is no header.
                if (!csv.format.header()) continue;
                CsvText changed = csv.format.text();
                boolean hasSigns =
                        changed.comment().isPresent()
                                || changed.escape().isPresent()
                                || changed.skipLines() > 0;
                if (encoding.isEmpty() || hasSigns && !csv.quoteSigns) continue;
                Path file = CsvTexts.file(directory, "t.csv", csv.bytes());

                assertThat(CsvTexts.read(file, csv.format, RandomDialect.SCHEMA))
                        .as("seed %d, %s", seed + i, csv.format)
                        .isEqualTo(duckdbRows(duckdb, file, csv.format, encoding.get()));
                compared++;
            }
        }
        assertThat(compared).isPositive();
    }

    private static Optional<String> duckdbEncoding(String name) {
        return switch (name) {
            case "UTF-8" -> Optional.of("utf-8");
            case "ISO-8859-1" -> Optional.of("latin-1");
            default -> Optional.empty();
        };
    }

    private static List<List<@Nullable Object>> duckdbRows(
            Connection duckdb, Path file, CsvFormat format, String encoding) throws SQLException {
        String types = "VARCHAR BIGINT DOUBLE DECIMAL(12,3) DATE VARCHAR";
        String[] type = types.split(" ");
        Schema schema = RandomDialect.SCHEMA;
        var columns = new ArrayList<String>();
        for (int i = 0; i < schema.size(); i++)
            columns.add("'%s': '%s'".formatted(schema.field(i).name(), type[i]));
        String nulls =
                format.nulls().stream().map(n -> ", '" + n + "'").collect(Collectors.joining());
        String query =
                ("SELECT * FROM read_csv('%s', auto_detect = false, header = %s, delim = '%s',"
                                + " quote = '%s', escape = '%s', nullstr = [''%s],"
                                + " allow_quoted_nulls = %s, comment = '%s', skip = %d,"
                                + " decimal_separator = '%s', encoding = '%s', parallel = false,"
                                + " columns = {%s})")
                        .formatted(
                                file,
                                format.header(),
                                format.delimiter(),
                                sql(format.quote()),
                                sql(format.escape()),
                                nulls,
                                format.text().quotedNulls(),
                                format.text().comment().map(String::valueOf).orElse(""),
                                format.text().skipLines(),
                                format.text().decimalComma() ? ',' : '.',
                                encoding,
                                String.join(", ", columns));
        var rows = new ArrayList<List<@Nullable Object>>();
        try (Statement statement = duckdb.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                var row = new ArrayList<@Nullable Object>();
                for (int c = 1; c <= schema.size(); c++)
                    row.add(
                            type[c - 1].equals("DATE")
                                    ? result.getObject(c, LocalDate.class)
                                    : result.getObject(c));
                rows.add(row);
            }
        }
        return rows;
    }

    private static String sql(char sign) {
        return sign == '\'' ? "''" : String.valueOf(sign);
    }

    @Test
    void a_quote_behind_an_escape_is_one_and_the_escape_is_a_sign_elsewhere() {
        Path file =
                file(
                        """
                        a,"b\\"s"
                        1,"6\\" wide, \\\\ and \\x"
                        2,plain \\
                        3,"\\"
                        ,\\""
                        4,""
                        """);
        CsvFormat format = format(CsvText.PLAIN.withEscape('\\'));

        assertThat(CsvTexts.read(file, format, CsvTexts.infer(file, format)))
                .containsExactly(
                        List.of(1L, "6\" wide, \\ and \\x"),
                        List.of(2L, "plain \\"),
                        List.of(3L, "\"\n,\""),
                        List.of(4L, ""));
        assertThat(CsvTexts.infer(file, format).names()).containsExactly("a", "b\"s");
    }

    @Test
    void every_cut_of_a_file_with_escapes_gives_the_same_rows() throws Exception {
        Path file =
                file(
                        """
                        a,b
                        1,"x\\\\"
                        2,"\\""
                        3,\\"
                        4,"a\\\\\\",
                        5,\\\\"
                        6,y\\
                        7,"\\n"
                        """);
        CsvFormat format = format(CsvText.PLAIN.withEscape('\\'));
        var whole = CsvTexts.read(file, format, TWO);
        assertThat(whole)
                .containsExactly(
                        List.of(1L, "x\\"),
                        List.of(2L, "\""),
                        List.of(3L, "\\\""),
                        List.of(4L, "a\\\",\n5,\\"),
                        List.of(6L, "y\\"),
                        List.of(7L, "\\n"));
        long size = Files.size(file);

        for (long cut = 1; cut < size; cut++) {
            FileRange all = CsvSplits.of(List.of(file)).getFirst();
            var ranges =
                    List.of(
                            new FileRange(all.path(), 0, cut, size, all.modifiedNanos()),
                            new FileRange(all.path(), cut, size, size, all.modifiedNanos()));
            assertThat(CsvTexts.read(format, TWO, TWO, ranges, 64))
                    .as("cut at %d", cut)
                    .isEqualTo(whole);
        }
    }

    @Test
    void escapes_that_nobody_told_of() {
        Path file = file("a,b\n1,\"6\\\" wide\"\n");

        assertThat(error(file, CsvFormat.DEFAULT))
                .contains("fix: where \\\" means a quote inside quotes, say so: .escape('\\\\')");
        assertThat(error(file, format(CsvText.PLAIN.withEscape(','))))
                .contains("',' is both the escape sign and the delimiter");
        assertThat(error(file("a,b\n1,\"x\"\"y\"\n"), format(CsvText.PLAIN.withEscape('\\'))))
                .contains("write a quote inside a quoted field as \\\"");
    }

    @Test
    void every_encoding_that_java_has_reads_what_it_wrote() {
        String text = "a,b\n1,plain\n" + "2,\"two\nlines\"\n".repeat(20_000) + "3,end\n";
        for (Charset charset : Charset.availableCharsets().values()) {
            if (!charset.canEncode() || !plain(charset)) continue;
            Path file = CsvTexts.file(directory, "t.csv", text.getBytes(charset));

            var rows = CsvTexts.read(file, format(CsvText.PLAIN.withEncoding(charset.name())), TWO);

            assertThat(rows).as(charset.name()).hasSize(20_002);
            assertThat(rows.get(7)).as(charset.name()).containsExactly(2L, "two\nlines");
        }
    }

    private static boolean plain(Charset charset) {
        String signs = "a,b\n\"09";
        return new String(signs.getBytes(charset), charset).equals(signs);
    }

    @Test
    void signs_are_those_of_the_encoding() {
        String text = "a,b\n1,caf\u00E9 \u20AC \u201Eq\u201C\n2,\uD83D\uDE00\n";
        byte[] utf16 = text.getBytes(StandardCharsets.UTF_16);
        byte[] windows = text.replace("\uD83D\uDE00", "x").getBytes(Charset.forName("cp1252"));

        assertThat(
                        CsvTexts.read(
                                CsvTexts.file(directory, "t.csv", utf16),
                                format(CsvText.PLAIN.withEncoding("UTF-16")),
                                TWO))
                .containsExactly(
                        List.of(1L, "caf\u00E9 \u20AC \u201Eq\u201C"), List.of(2L, "\uD83D\uDE00"));
        assertThat(
                        CsvTexts.read(
                                CsvTexts.file(directory, "t.csv", windows),
                                format(CsvText.PLAIN.withEncoding("windows-1252")),
                                TWO))
                .containsExactly(List.of(1L, "caf\u00E9 \u20AC \u201Eq\u201C"), List.of(2L, "x"));
    }

    @Test
    void bytes_that_are_not_of_the_encoding() {
        byte[] bytes = "a,b\n1,x\n2,caf?\n3,y\n".getBytes(StandardCharsets.ISO_8859_1);
        bytes[13] = (byte) 0x81;
        Path file = CsvTexts.file(directory, "t.csv", bytes);

        assertThat(error(file, format(CsvText.PLAIN.withEncoding("windows-1252"))))
                .isEqualTo(
                        """
                        the file is not windows-1252: bytes 81 at byte offset 13   (BAD_VALUE)
                          file: t.csv, line 3
                          fix: say how it is written: .encoding("…")\
                        """);
    }

    @Test
    void utf16_that_nobody_told_of() {
        byte[] bytes = "a,b\n1,x\n".getBytes(StandardCharsets.UTF_16);

        assertThat(error(CsvTexts.file(directory, "t.csv", bytes), CsvFormat.DEFAULT))
                .isEqualTo(
                        """
                        the file is not UTF-8: it begins with the mark of UTF-16   (BAD_VALUE)
                          file: t.csv
                          fix: say so: .encoding("UTF-16")\
                        """);
    }

    @Test
    void an_encoding_that_there_is_not() {
        assertThat(error(file("a,b\n"), format(CsvText.PLAIN.withEncoding("windows-1225"))))
                .startsWith(
                        "no encoding 'windows-1225'   (ARGUMENT_INVALID)\n  has: UTF-8, UTF-16,")
                .contains("fix: did you mean 'windows-125");
    }

    @Test
    void signs_that_can_not_be_told_apart() {
        assertThat(error(file("a,b\n"), format(CsvText.PLAIN.withDecimalComma())))
                .isEqualTo(
                        """
                        a comma in numbers and a comma between fields can't be told apart   (ARGUMENT_INVALID)
                          options: decimalComma, delimiter ','
                          fix: say what stands between fields, as in .decimalComma().delimiter(';')\
                        """);
        assertThat(error(file("a,b\n"), format(CsvText.PLAIN.withComment(','))))
                .startsWith("',' is both the comment sign and the delimiter   (ARGUMENT_INVALID)");
        assertThat(error(file("a,b\n"), format(CsvText.PLAIN.withComment('x'))))
                .startsWith("'x' can't be the comment sign of a CSV file   (ARGUMENT_INVALID)");
    }

    @Test
    void lines_of_errors_count_comments_and_skipped_lines() {
        String text = "title\n\"sub\n#c\na,b\n# \"\n1,\"x\ny\"\n#z\n\nNA,z\n";
        var format = format(CsvText.PLAIN.withComment('#').withSkipLines(2));

        assertThat(error(file(text), format))
                .startsWith(
                        "'NA' is not an int64   (BAD_VALUE)\n  file: t.csv, line 10, column 'a'");
        assertThat(error(file(text.replace("a,b", "a,c")), format))
                .startsWith(
                        "the header differs from the schema   (BAD_ROW)\n  file: t.csv, line 4");
        assertThat(error(file(text.replace("NA,z", "1")), format))
                .startsWith("a row has 1 field, expected 2   (BAD_ROW)\n  file: t.csv, line 10");
    }

    @Test
    void a_file_of_comments_alone_has_no_header() {
        var format = format(CsvText.PLAIN.withComment('#').withSkipLines(1));
        QuiverException e =
                catchThrowableOfType(
                        QuiverException.class, () -> CsvTexts.infer(file("x\n# a\n#b"), format));

        assertThat(e).hasMessageContaining("has no header behind its comments and skipped lines");
    }

    @Test
    void a_point_is_no_number_where_commas_are() {
        Schema schema = Schema.of(Field.of("a", DataType.FLOAT64), Field.of("b", DataType.UTF8));
        var format =
                CsvFormat.DEFAULT
                        .withDelimiter(';')
                        .withText(CsvText.PLAIN.withDecimalComma())
                        .withNulls(List.of("-99,9"));

        QuiverException e =
                catchThrowableOfType(
                        QuiverException.class,
                        () -> CsvTexts.read(file("a;b\n1,5;x\n2.5;y\n"), format, schema));

        assertThat(e.what()).isEqualTo("'2.5' is not a float64");
        assertThat(CsvTexts.read(file("a;b\n1,5;1,5\n\"-99,9\";2.5\n ,5e1;\n"), format, schema))
                .containsExactly(
                        List.of(1.5, "1,5"), nullAnd("2.5"), new ArrayList<>(nullable(5.0, null)));
        assertThat(CsvTexts.infer(file("a;b\n1;2013-01-31 10:00:00.5\n2,5;\n"), format).fields())
                .extracting(Field::type)
                .containsExactly(DataType.FLOAT64, DataType.TIMESTAMP);
    }

    private static List<@Nullable Object> nullAnd(Object value) {
        return nullable(null, value);
    }

    private static List<@Nullable Object> nullable(@Nullable Object a, @Nullable Object b) {
        var row = new ArrayList<@Nullable Object>();
        row.add(a);
        row.add(b);
        return row;
    }

    @Test
    void numbers_that_mean_null_are_null() {
        Schema schema =
                Schema.of(
                        Field.of("whole", DataType.INT64),
                        Field.of("number", DataType.FLOAT64),
                        Field.of("flag", DataType.BOOL),
                        Field.of("text", DataType.UTF8));
        var format = CsvTexts.nulls("-999", "false");
        Path file =
                file("whole,number,flag,text\n-999,-999,false,-999\n-99,\"-999\",true,\"-999\"\n");

        assertThat(CsvTexts.infer(file, format)).isEqualTo(inferredNulls());
        assertThat(CsvTexts.read(file, format, schema))
                .containsExactly(
                        java.util.Collections.nCopies(4, null),
                        new ArrayList<>(java.util.Arrays.asList(-99L, null, true, "-999")));
    }

    private static Schema inferredNulls() {
        return Schema.of(
                Field.of("whole", DataType.INT64),
                Field.of("number", DataType.UTF8),
                Field.of("flag", DataType.BOOL),
                Field.of("text", DataType.UTF8));
    }

    @Test
    void rows_that_can_not_be_read_are_told_of_as_they_stand_in_the_file() {
        String text = "#1\na;b\n1;x\n#2;3\nzwei;\"a\nb\"\n3;caf?\n4;y;z\n5;1,5\n";
        for (String encoding : List.of("UTF-8", "windows-1252")) {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            bytes[text.indexOf('?')] = (byte) 0x81;
            Path file = CsvTexts.file(directory, "t.csv", bytes);
            Schema schema =
                    Schema.of(Field.of("a", DataType.FLOAT64), Field.of("b", DataType.UTF8));
            var changed = CsvText.PLAIN.withComment('#').withDecimalComma().withEncoding(encoding);

            var told = new ArrayList<String>();
            var rows = readDiverted(file, format(changed).withDelimiter(';'), schema, told);

            assertThat(rows).containsExactly(List.of(1.0, "x"), List.of(5.0, "1,5"));
            assertThat(told)
                    .containsExactly(
                            "5 zwei;\"a\nb\" a type", "7 3;caf\uFFFD b encoding", "8 4;y;z  shape");
        }
    }

    private static List<List<@Nullable Object>> readDiverted(
            Path file, CsvFormat format, Schema schema, List<String> told) {
        List<FileRange> ranges = CsvSplits.of(List.of(file));
        var scan = new Source.ScanCsv(format, schema, schema, ranges);
        var rows = new ArrayList<List<@Nullable Object>>();
        try (var pool = new MemoryPool(1L << 30);
                MemoryAccount account = pool.account(new Owner("test", "scan", 0));
                var dictionaries = new DictionarySet(account);
                var reader = CsvReader.open(scan, 0, account, dictionaries)) {
            reader.watch(
                    Optional.of((origin, column, rule) ->
                            told.add(
                                    "%d %s %s %s"
                                            .formatted(
                                                    origin.row(),
                                                    origin.text().orElse(""),
                                                    column,
                                                    rule))));
            for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                CsvTexts.addRows(chunk, rows);
                chunk.close();
            }
        }
        return rows;
    }

    @Test
    void texts_that_look_like_dates() {
        String text =
                "a,b,c,d,e,f\n"
                        + "3.5.2024,3/5/2024,31/12/2024 17:08,2024-05-03,3 May 2024,1.2.3\n"
                        + ",4/5/2024,01/02/2024 09:30,2024-05-03,,\n"
                        + "13.05.2024,NA,,,31 dec 1999,4.5.6\n";
        Path file = file(text);

        CsvInference.Inferred inferred =
                CsvInference.infer(List.of(file), CsvTexts.nulls("NA"), Map.of());

        assertThat(inferred.schema().field(3).type()).isEqualTo(DataType.DATE);
        assertThat(inferred.hints())
                .containsExactly(
                        "'a' of %s is text that looks like dates: col(\"a\").str().toDate(\"d.M.yyyy\") makes them"
                                .formatted(file),
                        "'b' of %s is text that looks like dates: col(\"b\").str().toDate(\"M/d/yyyy\") or toDate(\"d/M/yyyy\") makes them (its values don't tell which)"
                                .formatted(file),
                        "'c' of %s is text that looks like dates: col(\"c\").str().toTimestamp(\"d/M/yyyy H:mm\") makes them"
                                .formatted(file),
                        "'e' of %s is text that looks like dates: col(\"e\").str().toDate(\"d MMM yyyy\") makes them"
                                .formatted(file));
        assertThat(
                        CsvInference.infer(
                                        List.of(file),
                                        CsvTexts.nulls("NA"),
                                        Map.of("a", DataType.UTF8))
                                .hints())
                .hasSize(3);
    }

    @Test
    void categories_and_quoted_nulls() {
        Schema schema = Schema.of(Field.of("a", new DataType.Enumeration(List.of("lo", "hi"))));
        var format = CsvTexts.nulls("NA").withText(CsvText.PLAIN.withQuotedNulls());

        assertThat(CsvTexts.read(file("a\nlo\n\"NA\"\n\"\"\n\"hi\"\n"), format, schema))
                .extracting(row -> String.valueOf(row.getFirst()))
                .containsExactly("lo", "null", "null", "hi");
        assertThat(CsvInference.infer(List.of(file("a\n1\n\"NA\"\n")), format, Map.of()).schema())
                .isEqualTo(Schema.of(Field.of("a", DataType.INT64)));
    }
}
