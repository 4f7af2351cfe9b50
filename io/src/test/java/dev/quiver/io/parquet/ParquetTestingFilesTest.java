package dev.quiver.io.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files of the Parquet project's own test set, against what pyarrow reads of them.
class ParquetTestingFilesTest {
    static final Path DIRECTORY =
            Path.of("src", "test", "resources", "parquet-testing").toAbsolutePath();

    /// Files with pages whose checksum is wrong.
    private static final List<String> WRONG_CHECKSUMS =
            List.of(
                    "datapage_v1-corrupt-checksum.parquet",
                    "rle-dict-uncompressed-corrupt-checksum.parquet");

    /// A file with texts of 1 GiB each.
    private static final String LARGE = "large_string_map.brotli.parquet";

    static List<String> readable() throws IOException {
        try (var files = Files.list(DIRECTORY)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".parquet") && !WRONG_CHECKSUMS.contains(name))
                    .filter(name -> !name.equals(LARGE))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("readable")
    void a_file_reads_as_expected(String name) throws IOException {
        assertSame(expected(name), ParquetFrame.read(DIRECTORY.resolve(name)));
    }

    private static void assertSame(Map<?, ?> expected, ParquetFrame frame) {
        List<?> columns = (List<?>) Objects.requireNonNull(expected.get("columns"));
        List<?> head = (List<?>) Objects.requireNonNull(expected.get("head"));
        List<String> names =
                columns.stream().map(column -> (String) ((List<?>) column).getFirst()).toList();
        long rows = ((BigDecimal) Objects.requireNonNull(expected.get("rows"))).longValue();
        assertThat(frame.schema().names()).isEqualTo(names);
        if (!names.isEmpty()) assertThat(frame.rows()).hasSize((int) rows);
        for (int c = 0; c < frame.schema().size(); c++) {
            DataType type = frame.schema().field(c).type();
            for (int r = 0; r < head.size(); r++) {
                Object wanted = ((List<?>) head.get(r)).get(c);
                Object found = frame.rows().get(r).get(c);
                assertThat(same(wanted, found, type))
                        .as("%s, row %d: %s, expected %s", names.get(c), r, found, wanted)
                        .isTrue();
            }
        }
    }

    static List<String> wrongChecksums() {
        return WRONG_CHECKSUMS;
    }

    @ParameterizedTest
    @MethodSource("wrongChecksums")
    void a_page_with_a_wrong_checksum_is_refused_unless_told_otherwise(String name)
            throws IOException {
        Path file = DIRECTORY.resolve(name);

        assertThatThrownBy(() -> ParquetFrame.read(file))
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.FILE_CORRUPT);
                            assertThat(e.getMessage())
                                    .contains("wrong checksum", name, "column: ", "page ");
                        });
        assertSame(expected(name), ParquetFrame.read(file, 1 << 28, false));
    }

    @Test
    void texts_larger_than_the_budget_are_refused_without_being_unpacked() {
        assertThatThrownBy(() -> ParquetFrame.read(DIRECTORY.resolve(LARGE), 256 << 20, true))
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_REFUSED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ARROW-GH-41317.parquet",
                "ARROW-RS-GH-6229-DICTHEADER.parquet",
                "PARQUET-1481.parquet"
            })
    void a_bad_file_is_refused(String name) {
        assertThatThrownBy(() -> ParquetFrame.read(DIRECTORY.resolve("bad").resolve(name)))
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CORRUPT));
    }

    private static Map<?, ?> expected(String name) throws IOException {
        String text = Files.readString(DIRECTORY.resolve("expected").resolve(name + ".json"));
        return (Map<?, ?>) Objects.requireNonNull(Json.parse(text));
    }

    private static boolean same(@Nullable Object wanted, @Nullable Object found, DataType type) {
        if (wanted == null || found == null) return wanted == found;
        return switch (found) {
            case byte[] bytes -> wanted.equals(Map.of("base64", base64(bytes)));
            case BigDecimal decimal -> decimal.compareTo(new BigDecimal((String) wanted)) == 0;
            case Double number ->
                    wanted instanceof BigDecimal exact
                            ? exact.doubleValue() == number
                            : ((String) wanted).equals(String.valueOf(number))
                                    || (wanted.equals("NaN") && number.isNaN());
            case Long number ->
                    wanted instanceof BigDecimal exact && exact.longValueExact() == number;
            case Boolean bool -> bool.equals(wanted);
            case java.time.LocalDateTime time ->
                    time.equals(java.time.LocalDateTime.parse((String) wanted));
            case java.time.Instant instant ->
                    instant.equals(java.time.OffsetDateTime.parse((String) wanted).toInstant());
            case List<?> parts when type instanceof DataType.ListOf(var element) ->
                    sameParts((List<?>) wanted, parts, _ -> element.type());
            case List<?> parts when type instanceof DataType.Struct(var fields) ->
                    sameParts(
                            wanted instanceof Map<?, ?> map
                                    ? values(map, fields)
                                    : (List<?>) wanted,
                            parts,
                            i -> fields.get(i).type());
            default -> found.toString().equals(wanted);
        };
    }

    private static List<@Nullable Object> values(Map<?, ?> map, List<Field> fields) {
        var values = new ArrayList<@Nullable Object>();
        for (Field field : fields) values.add(map.get(field.name()));
        return values;
    }

    private static boolean sameParts(
            List<? extends @Nullable Object> wanted, List<?> found, IntFunction<DataType> types) {
        if (wanted.size() != found.size()) return false;
        for (int i = 0; i < wanted.size(); i++)
            if (!same(wanted.get(i), found.get(i), types.apply(i))) return false;
        return true;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
