package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `quiver convert`, through the command line.
final class ConvertTest {
    private static final List<String> ENDINGS =
            List.of("csv", "tsv", "jsonl", "parquet", "arrow", "arrows");
    private static final String ROWS =
            """
            id,name,price,day,at,ok,huge
            1,"a, ""b"" c",1.5,2013-01-31,2013-01-31T10:00:00.25,true,9007199254740993
            2,,0.1,,2013-02-01T00:00:00,false,-9223372036854775808
            ,"",10000000000.0,2013-02-01,,,
            """;

    @TempDir Path directory;

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    @Test
    void between_all_pairs_the_second_conversion_gives_the_same_bytes() throws Exception {
        Files.writeString(directory.resolve("in.csv"), ROWS);
        for (String first : ENDINGS) {
            String once = path("once." + first);
            converted("in.csv", "once." + first);
            for (String second : ENDINGS) {
                String there = "there-" + first + "." + second;
                converted("once." + first, there);
                converted(there, "back-" + second + "." + first);

                assertThat(Path.of(path("back-" + second + "." + first)))
                        .as("%s to %s and back", first, second)
                        .hasSameBinaryContentAs(Path.of(once));
            }
        }
        assertThat(directory.resolve("back-arrow.csv")).hasContent(ROWS);
        assertThat(Files.readAllLines(directory.resolve("once.jsonl")).getFirst())
                .isEqualTo(
                        "{\"id\":1,\"name\":\"a, \\\"b\\\""
                                + " c\",\"price\":1.5,\"day\":\"2013-01-31\","
                                + "\"at\":\"2013-01-31T10:00:00.25\",\"ok\":true,"
                                + "\"huge\":9007199254740993}");
    }

    private void converted(String in, String out) {
        var spoken = Spoken.by("convert", "-q", path(in), path(out));
        assertThat(spoken.status()).as("%s to %s: %s", in, out, spoken.err()).isZero();
        assertThat(spoken.out()).isEmpty();
        assertThat(spoken.err()).startsWith("3 rows, ");
    }

    @Test
    void a_dash_is_standard_input_and_output() {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream("x;NA\n1;2\n".getBytes(StandardCharsets.UTF_8)));
        try {
            var spoken =
                    Spoken.by(
                            "convert",
                            "-q",
                            "-",
                            "-",
                            "--from=csv",
                            "--to=jsonl",
                            "--delimiter=;",
                            "--no-header",
                            "--nulls=NA");

            assertThat(spoken.err()).isEmpty();
            assertThat(spoken.out())
                    .isEqualTo("{\"c1\":\"x\",\"c2\":null}\n{\"c1\":\"1\",\"c2\":2}\n");
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void a_sheet_of_a_workbook_becomes_any_other_file() throws Exception {
        String shop = Clone.repository().resolve("examples/shop.xlsx").toString();

        var orders = Spoken.by("convert", "-q", shop, path("orders.csv"));
        var stock =
                Spoken.by(
                        "convert",
                        "-q",
                        shop,
                        path("stock.jsonl"),
                        "--sheet=stock",
                        "--cells=B3:C",
                        "--nulls=#N/A");

        assertThat(orders.err()).startsWith("3 rows, ");
        assertThat(directory.resolve("orders.csv"))
                .hasContent(
                        """
                        order,item,price,pieces,total,day
                        1,tea,2.5,4,10.0,2024-05-01
                        2,milk,1.2,1,1.2,2024-05-01
                        3,bread,3.4,0,0.0,2024-05-03
                        """);
        assertThat(stock.err()).startsWith("3 rows, ");
        assertThat(directory.resolve("stock.jsonl"))
                .content()
                .endsWith("{\"item\":\"bread\",\"pieces\":null}\n");
        assertThat(Spoken.by("schema", "--format=csv", "--sheet=Stock", "--cells=B3:C", shop).out())
                .contains("item,utf8\npieces,int64\n");
        assertThat(Spoken.by("head", "--format=csv", "-n", "1", shop).out())
                .isEqualTo("order,item,price,pieces,total,day\n1,tea,2.5,4,10.0,2024-05-01\n");
        CommandTest.assertUsage(
                List.of("convert", path("orders.csv"), path("orders.xlsx")),
                "would be an Excel workbook",
                "write CSV");
        CommandTest.assertFailed(
                List.of("convert", shop, path("x.csv"), "--sheet=3"),
                "no sheet number 3",
                "ARGUMENT_INVALID");
    }

    @Test
    void it_says_what_is_missing_and_keeps_what_is_there() throws Exception {
        Files.writeString(directory.resolve("in.csv"), "a\n1\n");
        Files.writeString(directory.resolve("out.tsv"), "mine");

        CommandTest.assertUsage(
                List.of("convert", path("in.csv")), "needs OUT", "see 'quiver help convert'");
        CommandTest.assertUsage(
                List.of("convert", path("in.csv"), path("out")), "isn't known", "--to csv");
        CommandTest.assertUsage(
                List.of("convert", "-", path("out.csv")), "isn't known", "--from csv");
        CommandTest.assertFailed(
                List.of("convert", path("in.csv"), path("out.tsv")),
                "is there already",
                "TARGET_EXISTS");
        assertThat(directory.resolve("out.tsv")).hasContent("mine");
        assertThat(Spoken.by("convert", "--overwrite", path("in.csv"), path("out.tsv")).status())
                .isZero();
        assertThat(directory.resolve("out.tsv")).hasContent("a\n1\n");
    }

    @Test
    void other_commands_take_the_formats_too() throws Exception {
        Files.writeString(directory.resolve("in.jsonl"), "{\"a\":{\"b\":[1,2]}}\n");
        converted1("in.jsonl", "in.arrow");
        for (String name : List.of("in.jsonl", "in.arrow")) {
            assertThat(Spoken.by("schema", "--format=csv", path(name)).out())
                    .isEqualTo("column,type\na,struct<b: list<int64>>\n");
            assertThat(Spoken.by("head", "--format=csv", path(name)).out())
                    .isEqualTo("a\n\"[[1, 2]]\"\n");
        }
    }

    private void converted1(String in, String out) {
        assertThat(Spoken.by("convert", "-q", path(in), path(out)).status()).isZero();
    }
}
