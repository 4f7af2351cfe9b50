package dev.quiver.io.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files of the Parquet project's own test set, against what pyarrow reads of them.
class ParquetTestingFilesTest {
    static final Path DIRECTORY =
            Path.of("src", "test", "resources", "parquet-testing").toAbsolutePath();

    /// Files that are damaged or packed in ways that are refused.
    private static final Map<String, ErrorCode> REFUSED =
            Map.of(
                    "datapage_v1-corrupt-checksum.parquet", ErrorCode.FILE_CORRUPT,
                    "rle-dict-uncompressed-corrupt-checksum.parquet", ErrorCode.FILE_CORRUPT,
                    "hadoop_lz4_compressed_larger.parquet", ErrorCode.UNSUPPORTED,
                    "non_hadoop_lz4_compressed.parquet", ErrorCode.UNSUPPORTED);

    static List<String> readable() throws IOException {
        try (var files = Files.list(DIRECTORY)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".parquet") && !REFUSED.containsKey(name))
                    // Only nested columns, which pyarrow refuses as well.
                    .filter(name -> !name.equals("large_string_map.brotli.parquet"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("readable")
    void a_file_reads_as_expected(String name) throws IOException {
        Map<?, ?> expected = expected(name);

        ParquetFrame frame = ParquetFrame.read(DIRECTORY.resolve(name));

        List<?> columns = (List<?>) Objects.requireNonNull(expected.get("columns"));
        List<?> head = (List<?>) Objects.requireNonNull(expected.get("head"));
        List<String> names =
                columns.stream().map(column -> (String) ((List<?>) column).getFirst()).toList();
        long rows = ((BigDecimal) Objects.requireNonNull(expected.get("rows"))).longValue();
        if (!frame.schema().fields().isEmpty()) assertThat(frame.rows()).hasSize((int) rows);
        for (int c = 0; c < frame.schema().size(); c++) {
            DataType type = frame.schema().field(c).type();
            int place = names.indexOf(frame.schema().field(c).name());
            for (int r = 0; r < head.size(); r++) {
                Object wanted = ((List<?>) head.get(r)).get(place);
                Object found = frame.rows().get(r).get(c);
                assertThat(same(wanted, found))
                        .as("%s, row %d: %s, expected %s", names.get(place), r, found, wanted)
                        .isTrue();
                assertThat(type).isNotNull();
            }
        }
    }

    static List<String> refused() {
        return REFUSED.keySet().stream().sorted().toList();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void a_file_that_is_damaged_or_of_an_old_codec_is_refused_by_name(String name) {
        assertThatThrownBy(() -> ParquetFrame.read(DIRECTORY.resolve(name)))
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(REFUSED.get(name));
                            assertThat(e.getMessage()).contains(name).contains("column: ");
                        });
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

    private static boolean same(@Nullable Object wanted, @Nullable Object found) {
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
            default -> found.toString().equals(wanted);
        };
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
