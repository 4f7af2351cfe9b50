package dev.quiver.client.oracle;

import static dev.quiver.dataframe.Functions.asc;
import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.expr;
import static dev.quiver.dataframe.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Table;
import dev.quiver.error.TypeMismatch;
import dev.quiver.schema.DataType;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many Parquet files read as one, as DuckDB reads them: columns united by name, folders that hold
/// columns.
final class ParquetFilesTest {
    @TempDir private Path folder;
    private Session session;
    private Connection duckdb;

    @BeforeEach
    void open() throws SQLException {
        session = Quiver.local(Options.defaults().slots(2).quiet());
        duckdb = DriverManager.getConnection("jdbc:duckdb:");
    }

    @AfterEach
    void close() throws SQLException {
        session.close();
        duckdb.close();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = duckdb.createStatement()) {
            statement.execute(sql);
        }
    }

    private void assertSame(DataFrame frame, String sql) throws SQLException {
        try (Table table = frame.collect()) {
            assertThat(Answers.quiver(table)).isEqualTo(Answers.duckdb(duckdb, sql));
        }
    }

    @Test
    void files_of_other_columns_are_united_by_name() throws SQLException {
        execute(
                "copy (select i::int as id, i::smallint as n, 'a' || i as t, 1.5::decimal(5,1) as d from range(50) r(i)) to '%s/1.parquet'"
                        .formatted(folder));
        execute(
                "copy (select i / 4 as n, i::bigint as id, 'b' || i as extra, 2.25::decimal(9,3) as d from range(50, 120) r(i)) to '%s/2.parquet'"
                        .formatted(folder));
        execute(
                "copy (select i::bigint as id, date '2020-01-01' + i::int as day, 3::float as n from range(120, 150) r(i)) to '%s/3.parquet'"
                        .formatted(folder));
        String files = "from read_parquet('%s/*.parquet', union_by_name = true)".formatted(folder);

        DataFrame all = session.read().parquet(folder + "/*.parquet");

        assertThat(all.schema().names()).containsExactly("id", "n", "t", "d", "extra", "day");
        assertThat(all.schema().type("id")).isEqualTo(DataType.INT64);
        assertThat(all.schema().type("n")).isEqualTo(DataType.FLOAT64);
        assertSame(
                all.sort("id"), "select id, n, t, d, extra, day %s order by id".formatted(files));
        for (String condition :
                List.of(
                        "extra is null",
                        "extra = 'b77'",
                        "t is not null",
                        "day > date '2020-05-10'",
                        "n >= 20",
                        "n = 3",
                        "d < 2"))
            assertSame(
                    all.filter(expr(condition)).sort("id").select("id", "n"),
                    "select id, n %s where %s order by id".formatted(files, condition));
        assertSame(
                all.groupBy("t").agg(count(), sum("n")).sort(asc("count"), asc("t")),
                "select t, count(*) c, sum(n) %s group by t order by c, t nulls last"
                        .formatted(files));
    }

    @Test
    void types_without_a_common_one_are_refused_by_name() throws SQLException {
        execute("copy (select 1 as a) to '%s/1.parquet'".formatted(folder));
        execute("copy (select 'x' as a) to '%s/2.parquet'".formatted(folder));

        assertThatThrownBy(() -> session.read().parquet(folder + "/*.parquet"))
                .isInstanceOf(TypeMismatch.class)
                .hasMessageContaining("column 'a' is int32 in '1.parquet' and utf8 in '2.parquet'");
    }

    @Test
    void folders_of_duckdb_are_columns_whose_filters_leave_files_out() throws Exception {
        execute(
                "copy (select i, 2010 + i %% 4 as year, case when i %% 5 = 0 then null else 'c/d=' || i %% 3 end as code, date '2020-01-01' + (i %% 2)::int as day from range(500) r(i)) to '%s/t' (format parquet, partition_by (year, code, day))"
                        .formatted(folder));
        String files =
                "from read_parquet('%s/t/**/*.parquet', hive_partitioning = true)"
                        .formatted(folder);

        DataFrame all = session.read().parquet(folder + "/t");

        assertThat(all.schema().type("year")).isEqualTo(DataType.INT64);
        assertThat(all.schema().type("code")).isEqualTo(DataType.UTF8);
        assertThat(all.schema().type("day")).isEqualTo(DataType.DATE);
        assertSame(all.sort("i"), "select i, year, code, day %s order by i".formatted(files));
        for (String condition :
                List.of(
                        "year = 2011",
                        "year in (2010, 2013) and i < 100",
                        "code is null",
                        "code = 'c/d=1'",
                        "day > date '2020-01-01' and code is not null",
                        "year = 1999"))
            assertSame(
                    all.filter(expr(condition)).sort("i"),
                    "select i, year, code, day %s where %s order by i".formatted(files, condition));
        assertSame(
                all.groupBy("code").agg(count()).sort("code"),
                "select code, count(*) %s group by code order by code nulls last".formatted(files));
        for (Path file : filesBelow(folder.resolve("t")))
            if (!file.toString().contains("year=2012")) Files.write(file, new byte[] {1});
        assertThat(all.filter(col("year").eq(2012)).count()).isEqualTo(125);
    }

    private static List<Path> filesBelow(Path folder) throws java.io.IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void folders_that_quiver_writes_are_read_again_also_by_duckdb() throws SQLException {
        execute(
                "copy (select i, case i %% 4 when 0 then null else 'a b%%/' || i %% 4 end as k, '0' || i %% 3 as m from range(100) r(i)) to '%s/in.parquet'"
                        .formatted(folder));
        DataFrame in = session.read().parquet(folder + "/in.parquet");
        String out = folder + "/out/";

        in.write().partitionBy("k", "m").parquet(out);

        DataFrame back = session.read().type("m", DataType.UTF8).parquet(out);
        assertSame(
                back.sort("i"), "select i, k, m from '%s/in.parquet' order by i".formatted(folder));
        assertSame(
                back.sort("i").select("i", "k"),
                "select i, k from read_parquet('%s/**/*.parquet', hive_partitioning = true) order by i"
                        .formatted(out));
    }

    @Test
    void nested_columns_pass_filters_sorts_and_limits_and_are_shown() throws SQLException {
        execute(
                "copy (select i, case when i = 7 then null else [i, null, i + 1] end as l, {'a': i, 'b': ['x' || i]} as s from range(20000) r(i)) to '%s/n.parquet'"
                        .formatted(folder));
        DataFrame nested = session.read().parquet(folder + "/n.parquet");

        DataFrame some = nested.filter(col("i").ge(6)).sort("i").limit(2);

        try (Table table = some.collect()) {
            assertThat(table.row(0).find("l", List.class)).contains(Arrays.asList(6L, null, 7L));
            assertThat(table.row(0).find("s", List.class)).contains(List.of(6L, List.of("x6")));
            assertThat(table.row(1).isNull("l")).isTrue();
        }
        var shown = new ByteArrayOutputStream();
        PrintStream out = System.out;
        System.setOut(new PrintStream(shown, true, StandardCharsets.UTF_8));
        try {
            some.show();
        } finally {
            System.setOut(out);
        }
        assertThat(shown.toString(StandardCharsets.UTF_8)).contains("[6, null, 7]", "x6");
    }
}
