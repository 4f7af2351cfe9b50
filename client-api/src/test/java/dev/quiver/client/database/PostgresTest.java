package dev.quiver.client.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.client.database.TestDatabase.Kind;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Table;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What only PostgreSQL has.
class PostgresTest {
    @TempDir Path directory;

    private static List<String> text(DataFrame frame) {
        var text = new ArrayList<String>();
        try (Table table = frame.collect()) {
            for (Row row : table.rows()) text.add(row.toString());
        }
        return text;
    }

    @Test
    void every_type_comes_through_copy_as_through_a_cursor() throws Exception {
        TestDatabase db = TestDatabase.open(Kind.POSTGRESQL, directory);
        db.run(
                "CREATE TYPE mood AS ENUM ('sad', 'ok')",
                """
                CREATE TABLE t (a smallint, b integer, c bigint, d real, e double precision,
                  f numeric(12,4), g numeric(38,10), h text, i varchar(9), j char(4), k date,
                  l timestamp, m timestamptz, n time, o boolean, p bytea, r uuid, s json, u jsonb,
                  v mood, w serial)
                """,
                """
                INSERT INTO t VALUES (-32768, 2147483647, -9223372036854775808, 1.5, 'NaN',
                  -12345678.0001, 1234567890123456789012345678.0123456789, 'ü€😀', 'x', 'ab',
                  '0001-01-01', '1999-12-31 23:59:59.999999', '2013-01-01 05:00:00+01',
                  '23:59:59.999999', true, '\\x00ff', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
                  '{"a": 1}', '{"b": 2}', 'ok', 1)
                """,
                "INSERT INTO t (f, g, w) VALUES (0, 0.0000000001, 2)",
                "INSERT INTO t (f, g, w) VALUES (10000, -10000, 3)",
                "INSERT INTO t (f, g, w) VALUES (0.0001, 100000000, 4)");
        try (Session q = Quiver.local()) {
            DataFrame copied = q.read().jdbc(db.url()).table("t");
            DataFrame fetched = q.read().jdbc(db.url()).query("select * from t where 1 = ?", 1);

            assertThat(copied.schema()).isEqualTo(fetched.schema());
            assertThat(text(copied.drop("p"))).isEqualTo(text(fetched.drop("p"))).hasSize(4);
            assertThat(copied.schema().type("r")).isEqualTo(DataType.UTF8);
            assertThat(text(copied).getFirst())
                    .contains(
                            "1234567890123456789012345678.0123456789",
                            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                            "-12345678.0001",
                            "ü€😀");

            copied.write().jdbc(db.url()).append().table("t");
            assertThat(db.rows("SELECT count(*), count(DISTINCT t::text) FROM t"))
                    .containsExactly("8|4");
        }
    }

    @Test
    void a_type_that_cannot_be_read_names_the_column() throws Exception {
        TestDatabase db = TestDatabase.open(Kind.POSTGRESQL, directory);
        db.run(
                "CREATE TABLE t (id int, tags int[], free numeric)",
                "INSERT INTO t VALUES (1, null, 2.50)");
        try (Session q = Quiver.local()) {
            assertThatThrownBy(() -> q.read().jdbc(db.url()).table("t"))
                    .hasMessageContaining("column 'tags' is of the type _int4");
            assertThatThrownBy(() -> q.read().jdbc(db.url()).query("select free from t"))
                    .hasMessageContaining("column 'free' is numeric without a number of digits");

            DataFrame said =
                    q.read()
                            .type("free", DataType.decimal(10, 2))
                            .jdbc(db.url())
                            .query("select free from t");
            assertThat(text(said)).singleElement().asString().contains("2.50");
            DataFrame tight =
                    q.read()
                            .type("free", DataType.decimal(10, 0))
                            .jdbc(db.url())
                            .query("select free from t");
            assertThatThrownBy(tight::collect)
                    .hasMessageContaining("'2.5' in column 'free'")
                    .hasMessageContaining("is no decimal(10,0)");
        }
    }

    @Test
    void a_database_that_goes_away_is_told() throws Exception {
        TestDatabase db = TestDatabase.open(Kind.POSTGRESQL, directory);
        try (Session q = Quiver.local()) {
            DataFrame gone =
                    q.read()
                            .jdbc(db.url())
                            .query(
                                    "select i, case when i = 90000 then"
                                        + " pg_terminate_backend(pg_backend_pid()) end as x from"
                                        + " generate_series(1, 100000) i");

            assertThatThrownBy(gone::collect)
                    .isInstanceOfSatisfying(
                            QuiverException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
            assertThat(q.read().jdbc(db.url()).query("select 1 as one").count()).isEqualTo(1);
        }
    }

    @Test
    void what_is_left_early_leaves_no_connection() throws Exception {
        TestDatabase db = TestDatabase.open(Kind.POSTGRESQL, directory);
        try (Session q = Quiver.local()) {
            DataFrame many =
                    q.read().jdbc(db.url()).query("select i from generate_series(1, 10000000) i");

            assertThat(text(many.limit(3))).hasSize(3);
        }
        long until = System.nanoTime() + 20_000_000_000L;
        while (!connections(db).equals(List.of("0")) && System.nanoTime() < until) Thread.sleep(50);
        assertThat(connections(db)).containsExactly("0");
    }

    private static List<String> connections(TestDatabase db) throws SQLException {
        return db.rows(
                "select count(*) from pg_stat_activity where application_name = 'quiver' and"
                        + " datname = current_database()");
    }
}
