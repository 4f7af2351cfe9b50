package dev.quiver.io.xml;

import static java.util.Arrays.asList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.QuiverException;
import dev.quiver.io.DictionarySet;
import dev.quiver.io.csv.ByteSource;
import dev.quiver.operator.FileFormat;
import dev.quiver.operator.Source;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XmlReaderTest {
    private static final MemoryPool POOL = new MemoryPool(64L << 20);
    private static final FileFormat.Xml ITEMS =
            new FileFormat.Xml("item", false, FileFormat.TEXT_BYTES_MAX);

    @TempDir Path directory;

    private Path file(String text) throws Exception {
        return Files.writeString(directory.resolve("t.xml"), text);
    }

    private static Schema infer(Path file) {
        return XmlInference.infer(List.of(file), ITEMS, Map.of()).schema();
    }

    private static List<List<@Nullable Object>> read(Path file) {
        Schema schema = infer(file);
        return read(ITEMS, file, schema, schema);
    }

    private static List<List<@Nullable Object>> read(
            FileFormat.Xml format, Path file, Schema all, Schema wanted) {
        var scan = new Source.ScanFiles(format, all, wanted, List.of(ByteSource.whole(file)));
        var rows = new ArrayList<List<@Nullable Object>>();
        try (MemoryAccount account = POOL.account(new Owner("test", "scan", 0));
                var dictionaries = new DictionarySet(account);
                var reader = XmlReader.open(scan, format, 0, account, dictionaries)) {
            for (Chunk next = reader.next(); next != null; next = reader.next()) {
                try (Chunk chunk = next) {
                    for (int row = 0; row < chunk.rows(); row++) {
                        var values = new ArrayList<@Nullable Object>();
                        for (var column : chunk.columns())
                            values.add(ColumnValues.get(column, row));
                        rows.add(values);
                    }
                }
            }
        }
        assertThat(POOL.usedBytes()).as("bytes left behind").isZero();
        return rows;
    }

    @Test
    void attributes_and_elements_are_columns_of_the_types_that_their_texts_have() throws Exception {
        Path file =
                file(
                        """
                        <?xml version="1.0"?>
                        <x:list xmlns:x="urn:x"><x:page><item id="1" code="007"><day>2013-01-31</day><ok>true</ok></item>
                        <x:item id="2"><x:name>a &amp; <![CDATA[<b>]]></x:name><ok/></x:item></x:page></x:list>
                        """);

        assertThat(infer(file).toString())
                .isEqualTo("id: int64\ncode: utf8\nday: date\nok: bool\nname: utf8");
        assertThat(read(file))
                .containsExactly(
                        asList(1L, "007", LocalDate.of(2013, 1, 31), true, null),
                        asList(2L, null, null, null, "a & <b>"));
    }

    @Test
    void elements_with_parts_are_structs_and_repeated_ones_lists() throws Exception {
        Path file =
                file(
                        """
                        <l><item><price unit="kr">5</price><tag>a</tag><tag>b</tag><at><x>1</x></at></item>
                        <item><price>6.5</price><tag>c</tag></item></l>
                        """);

        assertThat(infer(file).toString())
                .isEqualTo(
                        "price: struct<unit: utf8, value: float64>\ntag: list<utf8>\n"
                                + "at: struct<x: int64>");
        assertThat(read(file))
                .containsExactly(
                        asList(asList("kr", 5.0), List.of("a", "b"), List.of(1L)),
                        asList(asList(null, 6.5), List.of("c"), null));
    }

    @Test
    void the_encoding_is_that_of_the_declaration() throws Exception {
        Path file = directory.resolve("latin.xml");
        Files.write(
                file,
                "<?xml version='1.0' encoding='ISO-8859-1'?><l><item n='é'/></l>"
                        .getBytes(StandardCharsets.ISO_8859_1));

        assertThat(read(file)).containsExactly(List.of("é"));
    }

    @Test
    void entities_never_lead_out_of_the_file() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret.txt"), "secret");
        Path file =
                file(
                        "<!DOCTYPE l [<!ENTITY e SYSTEM \"%s\">]><l><item n=\"1\">&e;</item></l>"
                                .formatted(secret.toUri()));

        assertThatThrownBy(() -> infer(file))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("it is not XML")
                .hasMessageContaining("line 1");
        Path bomb =
                file(
                        "<!DOCTYPE l [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>"
                                + "<l><item n=\"1\">&b;</item></l>");
        assertThatThrownBy(() -> infer(bomb)).hasMessageContaining("it is not XML");
    }

    @Test
    void errors_name_file_line_column_and_text() throws Exception {
        Path file = file("<l>\n<item><a>1</a></item>\n<item><a>x</a><b/></item>\n</l>");
        Schema schema = Schema.of(Field.of("a", DataType.INT64));

        assertThatThrownBy(() -> read(ITEMS, file, schema, schema))
                .hasMessageContaining("'x' is not of type int64")
                .hasMessageContaining("t.xml, line 3, column 'a'");
        var closed = new FileFormat.Xml("item", true, FileFormat.TEXT_BYTES_MAX);
        Schema text = Schema.of(Field.of("a", DataType.UTF8));
        assertThatThrownBy(() -> read(closed, file, text, text))
                .hasMessageContaining("'b' is no column that was found");
        Path cut = file("<l>\n<item><a>1</a></item>\n<item>");
        assertThatThrownBy(() -> read(ITEMS, cut, schema, schema))
                .hasMessageContaining("it is not XML")
                .hasMessageContaining("line 3");
        assertThatThrownBy(() -> infer(file("<l><row a='1'/></l>")))
                .hasMessageContaining("no element 'item'");
        assertThat(POOL.usedBytes()).isZero();
    }

    @Test
    void a_file_of_many_rows_comes_in_several_chunks() throws Exception {
        var text = new StringBuilder("<l>");
        for (int i = 0; i < 40_000; i++) text.append("<item i='").append(i).append("'/>\n");

        var rows = read(file(text.append("</l>").toString()));

        assertThat(rows).hasSize(40_000);
        assertThat(rows.getLast()).containsExactly(39_999L);
    }

    @Test
    void rows_with_values_of_other_types_are_told_of_with_their_text() throws Exception {
        Path file =
                file(
                        """
                        <l xmlns:x="urn:x">
                        <item id="1"><n>a &amp; b</n></item>
                        <item id="two &lt; 3"><!-- no --><n><![CDATA[<b>]]></n></item>
                        <x:item id="3"><n>
                          c</n><n>d</n></x:item>
                        <item id="4"/>
                        </l>
                        """);
        var told = new ArrayList<String>();
        var good = new ArrayList<String>();

        readWatched(file, told, good);

        assertThat(POOL.usedBytes()).as("bytes left behind").isZero();
        assertThat(told)
                .containsExactly(
                        "3 id type <item id=\"two &lt; 3\"><n>&lt;b&gt;</n></item>",
                        "4 n type <x:item id=\"3\"><n>\n  c</n><n>d</n></x:item>");
        assertThat(good)
                .containsExactly(
                        "2 1 <item id=\"1\"><n>a &amp; b</n></item>", "6 4 <item id=\"4\"></item>");
    }

    private static void readWatched(Path file, List<String> told, List<String> good) {
        Schema schema = Schema.of(Field.of("id", DataType.INT64), Field.of("n", DataType.UTF8));
        var scan = new Source.ScanFiles(ITEMS, schema, schema, List.of(ByteSource.whole(file)));
        try (MemoryAccount account = POOL.account(new Owner("test", "scan", 0));
                var dictionaries = new DictionarySet(account);
                var reader = XmlReader.open(scan, ITEMS, 0, account, dictionaries)) {
            reader.watch(
                    Optional.of((origin, column, rule) ->
                            told.add(
                                    "%d %s %s %s"
                                            .formatted(
                                                    origin.row(),
                                                    column,
                                                    rule,
                                                    origin.text().orElse("")))));
            for (Chunk next = reader.next(); next != null; next = reader.next())
                take(next, reader, good);
        }
    }

    private static void take(Chunk next, XmlReader reader, List<String> good) {
        try (Chunk chunk = next) {
            for (int row = 0; row < chunk.rows(); row++) {
                var origin = reader.origins().of(row).orElseThrow();
                Object id = ColumnValues.get(chunk.columns().getFirst(), row);
                good.add("%d %s %s".formatted(origin.row(), id, origin.text().orElse("")));
            }
        }
    }
}
