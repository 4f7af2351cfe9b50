package dev.quiver.io.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.Cancelled;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.DictionarySet;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.FileRange;
import dev.quiver.operator.Source;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each mistake in a file, with the text that its reader sees.
class CsvBadInputTest {
    private static final Schema INTS =
            Schema.of(Field.of("a", DataType.INT64), Field.of("b", DataType.UTF8));

    @TempDir Path directory;

    private Path file(String text) {
        return CsvTexts.file(directory, text);
    }

    /// What reading a file of columns `a: int64, b: utf8` says, with the directory left out.
    private String error(Path file, CsvFormat format, long rangeBytes) {
        QuiverException e =
                catchThrowableOfType(
                        QuiverException.class,
                        () ->
                                CsvTexts.read(
                                        format,
                                        INTS,
                                        INTS,
                                        CsvSplits.of(List.of(file), rangeBytes),
                                        Chunk.ROWS));
        return shown(e);
    }

    private String error(String text) {
        return error(file(text), CsvFormat.DEFAULT, CsvSplits.RANGE_BYTES);
    }

    private String shown(QuiverException e) {
        String text = String.valueOf(e.getMessage()).replace(directory + "/", "");
        System.out.println(text);
        return text;
    }

    private String inferenceError(Path... files) {
        return shown(
                catchThrowableOfType(
                        QuiverException.class,
                        () ->
                                CsvInference.infer(
                                        Arrays.asList(files), CsvFormat.DEFAULT, Map.of())));
    }

    @Test
    void a_text_that_is_not_of_its_type() {
        assertThat(error("a,b\n1,x\n\"two\nlines\",y\n"))
                .isEqualTo(
                        """
                        'two
                        lines' is not an int64   (BAD_VALUE)
                          file: t.csv, line 3, column 'a'
                          fix: correct the file, or read the column as text: .type("a", DataType.UTF8), \
                        or where it means a missing value: .nulls("two
                        lines")\
                        """);
    }

    @Test
    void the_line_is_that_of_the_whole_file_in_whatever_range_the_value_is() {
        String good = "1,\"x\ny\"\n".repeat(1000);
        String bad = "a,b\n" + good + "NA,z\n" + good;

        for (long bytes : new long[] {1 << 20, 1000, 100})
            assertThat(error(file(bad), CsvFormat.DEFAULT, bytes))
                    .isEqualTo(
                            """
                            'NA' is not an int64   (BAD_VALUE)
                              file: t.csv, line 2002, column 'a'
                              fix: correct the file, or read the column as text: .type("a", DataType.UTF8), \
                            or where it means a missing value: .nulls("NA")\
                            """);
    }

    @Test
    void a_whole_number_beyond_its_type() {
        assertThat(error("a,b\n9223372036854775808,x\n"))
                .startsWith("'9223372036854775808' is not an int64   (BAD_VALUE)");
    }

    @Test
    void rows_with_too_many_or_too_few_fields() {
        assertThat(error("a,b\n1,x\n2,y,z,\"a,\"\n"))
                .isEqualTo(
                        """
                        a row has 4 fields, expected 2   (BAD_ROW)
                          file: t.csv, line 3
                          columns: a, b
                          fix: put fields that hold ',' in quotes, or choose another .delimiter(…)\
                        """);
        assertThat(error("a,b\n1,x\n2\n3,y\n"))
                .isEqualTo(
                        """
                        a row has 1 field, expected 2   (BAD_ROW)
                          file: t.csv, line 3
                          columns: a, b
                          fix: add the missing fields, empty for null, or choose another .delimiter(…)\
                        """);
    }

    @Test
    void quotes_that_are_wrong() {
        assertThat(error("a,b\n1,\"x\"y\n"))
                .isEqualTo(
                        """
                        'y' follows a closing quote   (BAD_ROW)
                          file: t.csv, line 2
                          fix: write a quote inside a quoted field twice: \"\"\
                        """);
        assertThat(error("a,b\n1,\"x\n2,y\n"))
                .isEqualTo(
                        """
                        a quoted field never ends   (BAD_ROW)
                          file: t.csv, line 2, where its row begins
                          fix: close the quote; a quote inside a quoted field is written twice: \"\"\
                        """);
    }

    @Test
    void bytes_that_are_not_utf8() {
        byte[] bytes = "a,b\n1,x\n2,caf\u00E9\n3,y\n".getBytes(StandardCharsets.ISO_8859_1);
        Path file = CsvTexts.file(directory, "t.csv", bytes);

        assertThat(error(file, CsvFormat.DEFAULT, CsvSplits.RANGE_BYTES))
                .isEqualTo(
                        """
                        the file is not UTF-8: bytes E9 0A 33 2C   (BAD_VALUE)
                          file: t.csv, line 3, byte offset 13
                          fix: say how it is written, for example .encoding("windows-1252")\
                        """);
    }

    @Test
    void a_line_above_the_limit() {
        var format = new CsvFormat(',', '"', true, List.of(), 100_000);
        String text = "a,b\n1,x\n2,\"" + "y\n".repeat(200_000) + "\"\n";

        assertThat(error(file(text), format, CsvSplits.RANGE_BYTES))
                .isEqualTo(
                        """
                        a line is longer than 97.7 KB   (BAD_ROW)
                          file: t.csv, line 3
                          fix: close a quote that is open by mistake, or raise the limit: .lineMax("128MB")\
                        """);
    }

    @Test
    void a_gzip_file_that_was_cut_off_or_damaged() {
        byte[] whole = CsvTexts.gzip("a,b\n1,x\n2,y\n".repeat(50).getBytes(StandardCharsets.UTF_8));
        byte[] cut = Arrays.copyOf(whole, whole.length - 12);
        Path file = CsvTexts.file(directory, "t.csv.gz", cut);

        assertThat(inferenceError(file))
                .isEqualTo(
                        """
                        the gzip file 't.csv.gz' ends inside its data   (FILE_CORRUPT)
                          read: %1$d of %1$d bytes
                          fix: the file is damaged or was cut off: get it again (gzip -t tests one)\
                        """
                                .formatted(cut.length));

        byte[] damaged = whole.clone();
        damaged[whole.length - 6] ^= 1;
        CsvTexts.file(directory, "t.csv.gz", damaged);
        assertThat(inferenceError(file))
                .startsWith("the gzip file 't.csv.gz' has a wrong checksum");
    }

    @Test
    void a_file_that_is_missing_or_a_directory() {
        assertThat(inferenceError(directory.resolve("no.csv")))
                .startsWith("no file 'no.csv'   (FILE_NOT_FOUND)\n  fix: check the spelling;");
        assertThat(inferenceError(directory)).contains("is a directory, not a file");
    }

    @Test
    void a_file_without_a_byte() {
        Path file = file("");

        assertThat(inferenceError(file))
                .isEqualTo(
                        """
                        't.csv' is empty, it has not even a header   (FILE_CORRUPT)
                          fix: declare the columns with .schema(…), or check what wrote the file\
                        """);
        assertThat(CsvTexts.read(file, CsvFormat.DEFAULT, INTS)).isEmpty();
    }

    @Test
    void headers_that_are_wrong() {
        assertThat(inferenceError(file("a,b,a\n1,2,3\n")))
                .isEqualTo(
                        """
                        the header has 'a' twice   (COLUMN_DUPLICATE)
                          file: t.csv, line 1, columns 1 and 3
                          fix: rename one in the file, or say .header(false) and give names with .schema(…)\
                        """);
        assertThat(inferenceError(file("\na,b\n")))
                .isEqualTo(
                        """
                        the first line is blank, so there are no column names   (BAD_ROW)
                          file: t.csv, line 1
                          fix: remove the line, or say .header(false)\
                        """);
        assertThat(error("b,a\n1,x\n"))
                .isEqualTo(
                        """
                        the header differs from the schema   (BAD_ROW)
                          file: t.csv, line 1
                          expected: a, b
                          found: b, a
                          fix: declare the columns as the file has them, in its order, or read files of \
                        different columns apart and union them\
                        """);
    }

    @Test
    void files_that_do_not_agree_on_their_columns() {
        Path one = CsvTexts.file(directory, "1.csv", "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8));
        Path two = CsvTexts.file(directory, "2.csv", "a,c\n1,2\n".getBytes(StandardCharsets.UTF_8));

        assertThat(inferenceError(one, two))
                .startsWith(
                        """
                        the header differs from the schema   (BAD_ROW)
                          file: 2.csv, line 1
                          expected: a, b
                          found: a, c
                        """);
    }

    @Test
    void a_type_declared_for_no_column() {
        Path file = file("amount,b\n1,2\n");

        assertThatThrownBy(() ->
                        CsvInference.infer(
                                List.of(file), CsvFormat.DEFAULT, Map.of("amuont", DataType.UTF8)))
                .hasMessage(
                        """
                        a type is declared for 'amuont', which is no column of %s   (COLUMN_NOT_FOUND)
                          has: amount, b
                          fix: did you mean 'amount'?\
                        """
                                .formatted(file));
    }

    @Test
    void a_delimiter_that_can_not_be() {
        var format = new CsvFormat('"', '"', true, List.of(), 1000);

        assertThat(error(file("a,b\n"), format, CsvSplits.RANGE_BYTES))
                .isEqualTo(
                        """
                        the delimiter and the quote are both '"'   (ARGUMENT_INVALID)
                          fix: use an ASCII sign that is not part of values, such as , ; | or a tab\
                        """);
    }

    @Test
    void a_category_that_was_not_declared() {
        Path file = file("a\nlo\nmid\n");
        Schema schema = Schema.of(Field.of("a", new DataType.Enumeration(List.of("lo", "hi"))));

        assertThat(
                        shown(
                                catchThrowableOfType(
                                        QuiverException.class,
                                        () -> CsvTexts.read(file, CsvFormat.DEFAULT, schema))))
                .isEqualTo(
                        """
                        'mid' is not one of the categories of a   (BAD_VALUE)
                          file: t.csv, line 3, column 'a'
                          has: lo, hi
                          fix: add it to the enum, or use CATEGORICAL, which takes every value\
                        """);
    }

    @Test
    void a_file_that_changed_since_planning() throws IOException {
        Path file = file("a,b\n1,x\n");
        List<FileRange> ranges = CsvSplits.of(List.of(file));
        Files.writeString(file, "a,b\n1,x\n2,y\n");

        assertThat(
                        shown(
                                catchThrowableOfType(
                                        QuiverException.class,
                                        () ->
                                                CsvTexts.read(
                                                        CsvFormat.DEFAULT,
                                                        INTS,
                                                        INTS,
                                                        ranges,
                                                        Chunk.ROWS))))
                .isEqualTo(
                        """
                        't.csv' changed while it was read   (FILE_CHANGED)
                          planned: 8 bytes
                          fix: run the query again when nothing writes to the file\
                        """);
    }

    @Test
    void a_hint_says_which_delimiter_may_be_meant() {
        Path file = file("a;b;c\n1;2;3\n");

        var found = CsvInference.infer(List.of(file), CsvFormat.DEFAULT, Map.of());

        assertThat(found.schema().names()).containsExactly("a;b;c");
        assertThat(found.hints())
                .containsExactly(
                        "the header of %s is one column that holds ';': did you mean .delimiter(';')?"
                                .formatted(file));
    }

    @Test
    void a_hint_says_which_text_keeps_columns_from_being_numbers() {
        Path file =
                file(
                        """
                        a,b,c,d,e,f,g
                        1,NA,2024-05-03,x,1.5,NA,7
                        NA,2,NA,NA,-,NA,?
                        3,-,2024-05-04,NA,NA,NA,8
                        """);

        var found = CsvInference.infer(List.of(file), CsvFormat.DEFAULT, Map.of());

        assertThat(found.hints())
                .containsExactly(
                        "of %s, a, c would not be text without 'NA': where it means a missing value, say .nulls(\"NA\"), or --nulls NA on the command line"
                                .formatted(file),
                        "of %s, g would not be text without '?': where it means a missing value, say .nulls(\"?\"), or --nulls ? on the command line"
                                .formatted(file));
        assertThat(
                        CsvInference.infer(List.of(file), CsvTexts.nulls("NA", "-", "?"), Map.of())
                                .hints())
                .isEmpty();
    }

    @Test
    void reading_ends_with_cancelled_when_its_thread_is_interrupted() {
        Path file = file("a,b\n" + "1,x\n".repeat(200_000));
        var scan = new Source.ScanCsv(CsvFormat.DEFAULT, INTS, INTS, CsvSplits.of(List.of(file)));
        try (var pool = new MemoryPool(1L << 30);
                MemoryAccount account = pool.account(new Owner("test", "scan", 0));
                var dictionaries = new DictionarySet(account);
                var reader = CsvReader.open(scan, 0, account, dictionaries)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(
                            () -> {
                                for (Chunk c = reader.next(); c != null; c = reader.next())
                                    c.close();
                            })
                    .isInstanceOf(Cancelled.class)
                    .extracting(e -> ((QuiverException) e).code())
                    .isEqualTo(ErrorCode.CANCELLED);
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
