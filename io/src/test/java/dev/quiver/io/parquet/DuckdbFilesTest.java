package dev.quiver.io.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.schema.Schema;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files that DuckDB writes in all its packings and versions, with columns of every type.
class DuckdbFilesTest {
    private static final String COLUMNS =
            """
            case when i % 7 = 0 then null else i end as i64,
            i::int as i32, (i % 100)::tinyint as i8, (i % 30000)::smallint as i16,
            (i % 200)::utinyint as u8, (i % 60000)::usmallint as u16, i::uinteger as u32,
            (i::ubigint + 9223372036854775807) as u64,
            (i / 3)::float as f32, case when i % 5 = 0 then 'nan'::double else i / 7 end as f64,
            (i % 80 * 1.25)::decimal(4, 1) as d4, (i * 1.25)::decimal(9, 2) as d9,
            (i * 1.25)::decimal(18, 3) as d18, (i * -1234567890123.25)::decimal(38, 4) as d38,
            i % 3 = 0 as b, date '1970-01-01' + (i::int * 37 - 20000) as day,
            timestamp '1969-12-31 23:00:00' + to_microseconds(i * 123456789) as ts,
            timestamptz '2020-01-01 00:00:00+00' + to_seconds(i) as tz,
            time '00:00:00' + to_seconds(i * 11) as tm,
            'text ' || (i % 50) as few, case when i % 3 = 0 then null else 'long text number ' || i end as many,
            encode('bytes' || i) as bin,
            ('00000000-0000-0000-0000-' || lpad(i::varchar, 12, '0'))::uuid as id,
            (case i % 2 when 0 then 'yes' else 'no' end)::enum('yes', 'no') as en,
            case when i % 11 = 0 then null else list_transform(range(i % 4), lambda x: case when x = 2 then null else x + i end) end as list,
            list_transform(range(i % 3), lambda x: list_transform(range(x + i % 2), lambda y: 'e' || y)) as lists,
            case when i % 13 = 0 then null else {'a': i, 'b': 's' || i, 'c': [i, null]} end as st,
            list_transform(range(i % 3), lambda x: {'k': x, 'v': case when x = 1 then null else {'w': [x]} end}) as deep,
            map([i], ['v' || i]) as m
            """;

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({
        "uncompressed, V1, 100",
        "snappy, V1, 18000",
        "snappy, V2, 18000",
        "zstd, V2, 5000",
        "gzip, V1, 2000",
        "brotli, V2, 2000",
        "lz4_raw, V1, 5000",
        "zstd, V1, 0",
        "lz4, V2, 1"
    })
    void a_file_of_every_type_reads_as_it_was_written(String codec, String version, int rows)
            throws Exception {
        Path file = directory.resolve("duckdb.parquet");
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = duckdb.createStatement()) {
            sql.execute("set TimeZone='UTC'");
            sql.execute(
                    "copy (select %s from range(%d) t(i)) to '%s' (format parquet, codec '%s', parquet_version '%s', row_group_size 10240)"
                            .formatted(COLUMNS, rows, file, codec, version));

            ParquetFrame ours = ParquetFrame.read(file);

            try (ResultSet result = sql.executeQuery("select * from '" + file + "'")) {
                assertSame(result, ours);
            }
        }
    }

    private static void assertSame(ResultSet result, ParquetFrame ours) throws Exception {
        Schema schema = ours.schema();
        int row = 0;
        while (result.next()) {
            var expected = new ArrayList<@Nullable Object>();
            for (int c = 0; c < schema.size(); c++)
                expected.add(DuckdbValues.get(result, c + 1, schema.field(c).type()));
            if (!Arrays.deepEquals(expected.toArray(), ours.rows().get(row).toArray()))
                for (int c = 0; c < schema.size(); c++)
                    assertThat(ours.rows().get(row).get(c))
                            .as("%s, row %d", schema.field(c), row)
                            .isEqualTo(expected.get(c));
            row++;
        }
        assertThat(ours.rows()).hasSize(row);
    }
}
