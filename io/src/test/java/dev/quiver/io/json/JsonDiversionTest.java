package dev.quiver.io.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.QuiverException;
import dev.quiver.io.DictionarySet;
import dev.quiver.io.csv.ByteSource;
import dev.quiver.operator.FileFormat;
import dev.quiver.operator.FileRange;
import dev.quiver.operator.Source;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows of JSON that can't be read go another way, each once, with their line and text. `-Dseed=`
/// repeats a run.
class JsonDiversionTest {
    private static final int FILES = 60 * Integer.getInteger("seeds.factor", 1);
    private static final Schema SCHEMA =
            Schema.of(
                    Field.of("id", DataType.INT64),
                    Field.of("name", DataType.UTF8),
                    Field.of("tags", new DataType.ListOf(Field.of("element", DataType.INT64))),
                    Field.of("at", new DataType.Struct(List.of(Field.of("day", DataType.DATE)))));

    @TempDir Path directory;

    private static long seed() {
        String given = System.getProperty("seed", "");
        long seed = given.isEmpty() ? new Random().nextLong() : Long.parseLong(given);
        System.out.println("JsonDiversionTest -Dseed=" + seed);
        return seed;
    }

    /// What a file's good rows are, with line and text, and its bad ones.
    private record Expected(List<String> good, List<String> bad) {}

    private static Expected read(FileFormat.Json format, List<FileRange> ranges, Schema schema) {
        var scan = new Source.ScanFiles(format, schema, schema, ranges);
        var expected = new Expected(new ArrayList<>(), new ArrayList<>());
        try (MemoryAccount account = JsonTexts.POOL.account(new Owner("test", "scan", 0));
                var dictionaries = new DictionarySet(account)) {
            for (int i = 0; i < ranges.size(); i++) {
                try (var reader = JsonReader.open(scan, format, i, account, dictionaries)) {
                    reader.watch(
                            Optional.of((origin, column, rule) ->
                                    expected.bad.add(
                                            "%d %s %s %s"
                                                    .formatted(
                                                            origin.row(),
                                                            column,
                                                            rule,
                                                            origin.text().orElse("?")))));
                    for (Chunk next = reader.next(); next != null; next = reader.next())
                        take(next, reader, expected.good);
                }
            }
        }
        assertThat(JsonTexts.POOL.usedBytes()).as("bytes left behind").isZero();
        return expected;
    }

    private static void take(Chunk next, JsonReader reader, List<String> good) {
        try (Chunk chunk = next) {
            for (int row = 0; row < chunk.rows(); row++) {
                var origin = reader.origins().of(row).orElseThrow();
                Object id = ColumnValues.get(chunk.columns().getFirst(), row);
                good.add("%d %s %s".formatted(origin.row(), id, origin.text().orElse("?")));
            }
        }
    }

    private static String goodLine(Random random, long id) {
        return switch (random.nextInt(4)) {
            case 0 -> "{\"id\":%d}".formatted(id);
            case 1 ->
                    "{\"id\": %d, \"name\": \"é\\\"{%d\", \"tags\": [1, 2]}".formatted(id, id % 7);
            case 2 -> "{\"at\":{\"day\":\"2024-05-03\"}, \"id\":%d,\"else\":[{}]}".formatted(id);
            default -> "{\"id\":%d,\"tags\":[],\"name\":null}".formatted(id);
        };
    }

    /// A bad row, and how it is told of.
    private record Bad(String text, String told) {
        static Bad of(Random random) {
            return switch (random.nextInt(9)) {
                case 0 -> new Bad("{\"id\":\"x\",\"name\":\"b\"}", "id type");
                case 1 -> new Bad("{\"name\":\"a\",\"tags\":[1,{\"b\":[2]}]}", "tags[] type");
                case 2 ->
                        new Bad("{\"id\":1,\"at\":{\"day\":\"never\"},\"tags\":[]}", "at.day type");
                case 3 -> new Bad("{\"id\":1,\"name\":\"a\",\"id\":2}", "id shape");
                case 4 -> new Bad("{\"id\":1,\"name\":\"cut", " shape");
                case 5 -> new Bad("{\"id\":1,,}", " shape");
                case 6 -> new Bad("17", " shape");
                case 7 -> new Bad("[{\"id\":1}]", " shape");
                default -> new Bad("{\"id\":1,\"name\":\"caf\u0081\"}", " encoding");
            };
        }
    }

    private Path write(String text, boolean zipped, int file) throws IOException {
        // Characters of code 0x81 stand for a byte that isn't UTF-8.
        var bytes = new ByteArrayOutputStream();
        for (String part : text.split("(?<=\u0081)|(?=\u0081)")) {
            if (part.equals("\u0081")) bytes.write(0x81);
            else bytes.writeBytes(part.getBytes(StandardCharsets.UTF_8));
        }
        Path path = directory.resolve("t%d.jsonl%s".formatted(file, zipped ? ".gz" : ""));
        if (!zipped) return Files.write(path, bytes.toByteArray());
        try (var out = new GZIPOutputStream(Files.newOutputStream(path))) {
            out.write(bytes.toByteArray());
        }
        return path;
    }

    @Test
    void each_bad_line_is_told_of_once_and_each_good_one_read_wherever_files_are_cut()
            throws IOException {
        long seed = seed();
        for (int file = 0; file < FILES; file++) {
            var random = new Random(seed + file);
            var text = new StringBuilder(random.nextInt(4) == 0 ? "\uFEFF" : "");
            var good = new ArrayList<String>();
            var bad = new ArrayList<String>();
            int lines = 1 + random.nextInt(file % 10 == 0 ? 30_000 : 200);
            int share = 1 + random.nextInt(20);
            String lineEnd = random.nextBoolean() ? "\n" : "\r\n";
            for (int line = 1; line <= lines; line++) {
                int kind = random.nextInt(share);
                if (kind == 0) {
                    Bad row = Bad.of(random);
                    bad.add(
                            "%d %s %s"
                                    .formatted(
                                            line, row.told, row.text.replace('\u0081', '\uFFFD')));
                    text.append(row.text);
                } else if (kind > 1 || share == 2) {
                    String row = goodLine(random, line);
                    good.add("%d %d %s".formatted(line, line, row));
                    text.append(row);
                }
                if (line < lines || random.nextBoolean()) text.append(lineEnd);
            }
            boolean zipped = random.nextInt(4) == 0;
            Path path = write(text.toString(), zipped, file);
            long size = Files.size(path);
            List<FileRange> ranges =
                    zipped || size < 4
                            ? List.of(ByteSource.whole(path))
                            : JsonTexts.cut(path, size / 4, size / 2, size - 1);

            Expected found =
                    read(
                            new FileFormat.Json(true, false, FileFormat.TEXT_BYTES_MAX),
                            ranges,
                            SCHEMA);

            assertThat(found.bad).as("seed %d", seed + file).isEqualTo(bad);
            assertThat(found.good).as("seed %d", seed + file).isEqualTo(good);
        }
    }

    @Test
    void a_byte_order_mark_on_a_line_of_its_own_is_no_row() throws IOException {
        Path path = write("\uFEFF\n{\"id\":1}\n17\n", false, 0);

        Expected found =
                read(
                        new FileFormat.Json(true, false, FileFormat.TEXT_BYTES_MAX),
                        List.of(ByteSource.whole(path)),
                        SCHEMA);

        assertThat(found.bad).containsExactly("3  shape 17");
        assertThat(found.good).containsExactly("2 1 {\"id\":1}");
    }

    @Test
    void rows_of_an_array_that_are_of_other_types_are_told_of() throws IOException {
        String text =
                """
                [{"id": 1, "name": "a"},
                 {"id": "x"}, 17, [{"id": 3}], {
                   "id": 4
                 }, "t\\"ext", {"tags": {"id": 5}},
                 {"id": 6, "name": {"a": [1]}}]
                """;
        Path path = Files.writeString(directory.resolve("t.json"), text);
        var format = new FileFormat.Json(false, false, FileFormat.TEXT_BYTES_MAX);

        Expected found = read(format, List.of(ByteSource.whole(path)), SCHEMA);

        assertThat(found.bad)
                .containsExactly(
                        "2 id type {\"id\": \"x\"}",
                        "2  shape 17",
                        "2  shape [{\"id\": 3}]",
                        "4  shape \"t\\\"ext\"",
                        "4 tags type {\"tags\": {\"id\": 5}}");
        assertThat(found.good)
                .containsExactly(
                        "1 1 {\"id\": 1, \"name\": \"a\"}",
                        "2 4 {\n   \"id\": 4\n }",
                        "5 6 {\"id\": 6, \"name\": {\"a\": [1]}}");
    }

    @Test
    void an_array_that_breaks_off_stays_an_error() throws IOException {
        Path path = Files.writeString(directory.resolve("t.json"), "[{\"id\": 1}, {\"id\": ");
        var format = new FileFormat.Json(false, false, FileFormat.TEXT_BYTES_MAX);

        assertThatThrownBy(() -> read(format, List.of(ByteSource.whole(path)), SCHEMA))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("it is not JSON");
    }

    @Test
    void lines_that_are_not_json_are_passed_over_when_types_are_inferred() throws IOException {
        Path path =
                Files.writeString(
                        directory.resolve("t.jsonl"), "{\"id\":1}\n{\"id\":\n{\"b\":true}\n");

        assertThat(JsonTexts.infer(path))
                .isEqualTo(Schema.of(Field.of("id", DataType.INT64), Field.of("b", DataType.BOOL)));
        assertThatThrownBy(() ->
                        JsonInference.infer(
                                List.of(Files.writeString(path, "{\"id\":\n")),
                                new FileFormat.Json(true, false, FileFormat.TEXT_BYTES_MAX),
                                Map.of()))
                .hasMessageContaining("it is not JSON");
    }

    @Test
    void a_file_of_lines_whose_first_is_not_json_is_one_of_lines() throws IOException {
        Path cut = JsonTexts.file(directory, "c.jsonl", "{\"id\":\n{\"id\":2}\n{\"id\":3}\n");
        Path prose = JsonTexts.file(directory, "p.jsonl", "started\n{\"id\":2}\n{\"id\":3}\n");
        Path pretty = JsonTexts.file(directory, "q.json", "{\n\"id\": 1,,\n}\n{\"id\":2}\n");

        for (Path file : List.of(cut, prose)) {
            Schema schema = JsonTexts.infer(file);
            Expected found = read(JsonTexts.format(file), List.of(ByteSource.whole(file)), schema);
            assertThat(found.bad).hasSize(1).allMatch(row -> row.startsWith("1  shape "));
            assertThat(found.good).containsExactly("2 2 {\"id\":2}", "3 3 {\"id\":3}");
        }
        assertThatThrownBy(() -> JsonTexts.format(pretty)).hasMessageContaining("it is not JSON");
    }
}
