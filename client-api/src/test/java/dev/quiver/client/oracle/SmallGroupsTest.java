package dev.quiver.client.oracle;

import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.nUnique;
import static dev.quiver.dataframe.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.Analysis;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Table;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Groupings that turn out to have few groups merge many buckets in one task, and answer as DuckDB
/// does.
final class SmallGroupsTest {
    private static final int FILES = 4;

    /// Few enough that what their partial tables have isn't waited for.
    private static final int FEW = 70_000;

    private static final int MANY = 14 * FEW;

    @TempDir private Path folder;

    private DataFrame rows(Session session, String name) {
        return session.read().parquet(folder.resolve(name + "-*.parquet").toString());
    }

    private void write(Connection duckdb, String name, int rows) throws SQLException {
        try (Statement sql = duckdb.createStatement()) {
            sql.execute(
                    "create table %s as select (i * 7919 %% 500)::bigint k, (i %% 3)::bigint g, i::bigint id from range(%d) t(i)"
                            .formatted(name, rows));
            for (int file = 0; file < FILES; file++)
                sql.execute(
                        "copy (select * from %1$s where id * %2$d // %3$d = %4$d order by id) to '%5$s/%1$s-%4$d.parquet' (format parquet)"
                                .formatted(name, FILES, rows, file, folder));
        }
    }

    private static DataFrame grouped(DataFrame rows) {
        return rows.groupBy("k").agg(count(), sum("id").as("s"));
    }

    @Test
    void buckets_with_few_groups_are_merged_together_in_the_order_of_one_task_each()
            throws SQLException {
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Session session = Quiver.local(Options.defaults().slots(2).quiet())) {
            write(duckdb, "few", FEW);
            write(duckdb, "many", MANY);
            DataFrame few = grouped(rows(session, "few"));
            DataFrame many = grouped(rows(session, "many"));

            try (Table groups = many.collect();
                    Table one = few.collect()) {
                assertThat(decision(few)).isEmpty();
                assertThat(decision(many)).containsExactly("16 buckets in 2 tasks");
                assertThat(keys(groups)).isEqualTo(keys(one)).hasSize(500);
                assertThat(sorted(Answers.quiver(groups)))
                        .isEqualTo(
                                sorted(
                                        Answers.duckdb(
                                                duckdb,
                                                "select k, count(*), sum(id) from many group by"
                                                        + " k")));
            }
        }
    }

    @Test
    void groups_whose_rows_were_exchanged_are_made_by_few_tasks_where_few_rows_were_left()
            throws SQLException {
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Session session = Quiver.local(Options.defaults().slots(2).quiet())) {
            write(duckdb, "many", MANY);
            DataFrame distinct = rows(session, "many").groupBy("k").agg(nUnique("g").as("u"));

            try (Table groups = distinct.collect()) {
                assertThat(sorted(Answers.quiver(groups)))
                        .isEqualTo(
                                sorted(
                                        Answers.duckdb(
                                                duckdb,
                                                "select k, count(distinct g) from many group by"
                                                        + " k")));
                assertThat(decision(distinct)).containsExactly("16 buckets in 2 tasks");
            }
        }
    }

    private static List<String> sorted(List<String> lines) {
        return lines.stream().sorted().toList();
    }

    private static List<Long> keys(Table groups) {
        return groups.rows().stream().map(row -> row.getLong("k")).toList();
    }

    private static List<String> decision(DataFrame grouped) {
        return grouped.analyze().steps().stream()
                .map(Analysis.Step::operator)
                .filter(operator -> operator.contains("buckets"))
                .toList();
    }
}
