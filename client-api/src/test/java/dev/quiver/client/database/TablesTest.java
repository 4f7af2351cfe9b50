package dev.quiver.client.database;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.client.database.TestDatabase.Kind;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Table;
import dev.quiver.dataframe.Written;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Tables of real databases, read and written.
class TablesTest {
    record Trip(
            long id,
            @Nullable String name,
            @Nullable Double km,
            boolean paid,
            @Nullable BigDecimal price,
            LocalDate day,
            LocalDateTime left,
            Instant seen) {}

    private static final BigDecimal PRICE = new BigDecimal("1234567890.123456");

    @TempDir Path directory;

    private static List<Trip> trips(int from, int to) {
        var trips = new ArrayList<Trip>();
        for (int i = from; i < to; i++)
            trips.add(
                    new Trip(
                            i,
                            i % 7 == 0 ? null : "näme \"%d\"".formatted(i % 100),
                            i % 5 == 0 ? null : i / 3.0,
                            i % 2 == 0,
                            i % 11 == 0
                                    ? null
                                    : PRICE.multiply(BigDecimal.valueOf(i % 2 == 0 ? i : -i))
                                            .setScale(6, java.math.RoundingMode.UNNECESSARY),
                            LocalDate.of(1999, 1, 1).plusDays(i),
                            LocalDateTime.of(1969, 12, 31, 23, 59, 59, 123_456_000).plusHours(i),
                            Instant.parse("2013-01-01T05:00:00.000001Z").plusSeconds(i)));
        return trips;
    }

    private static List<String> text(DataFrame frame) {
        var text = new ArrayList<String>();
        try (Table table = frame.sort("id").collect()) {
            for (Row row : table.rows()) text.add(row.toString());
        }
        return text;
    }

    @ParameterizedTest
    @EnumSource
    void what_is_written_into_a_table_reads_back(Kind kind) throws Exception {
        TestDatabase db = TestDatabase.open(kind, directory);
        try (Session q = Quiver.local()) {
            DataFrame trips = q.of(Trip.class, trips(0, 40_000));

            Written written = trips.write().jdbc(db.url()).table("trips");
            DataFrame read = q.read().jdbc(db.url()).table("trips");

            assertThat(written.rows()).isEqualTo(40_000);
            assertThat(text(read)).isEqualTo(text(trips));
            assertThat(text(q.read().jdbc(db.url()).partitionBy("id", 3).table("trips")))
                    .isEqualTo(text(trips));
            assertThat(db.tables()).containsExactly("trips");
            assertThat(db.rows("SELECT count(*) FROM trips WHERE name = 'näme \"3\"'")).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_table_is_made_added_to_replaced_and_upserted(Kind kind) throws Exception {
        TestDatabase db = TestDatabase.open(kind, directory);
        try (Session q = Quiver.local()) {
            DataFrame first = q.of(Trip.class, trips(0, 10)).select("id", "name");
            DataFrame second = q.of(Trip.class, trips(5, 15)).select("id", "paid");

            first.write().jdbc(db.url()).upsert("id").table("t");
            assertThatThrownBy(() -> first.write().jdbc(db.url()).table("t"))
                    .isInstanceOfSatisfying(
                            QuiverException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGET_EXISTS));
            first.withColumn("name", col("id").cast(DataType.UTF8))
                    .write()
                    .jdbc(db.url())
                    .upsert("id")
                    .table("t");
            assertThat(db.rows("SELECT * FROM t ORDER BY id")).hasSize(10).contains("7|7");
            q.of(Trip.class, trips(20, 22))
                    .select("name", "id")
                    .write()
                    .append()
                    .jdbc(db.url())
                    .table("t");
            assertThat(db.rows("SELECT id FROM t ORDER BY id")).hasSize(12).endsWith("20", "21");
            second.write().overwrite().jdbc(db.url()).table("t");
            assertThat(db.rows("SELECT count(*), min(id), max(id) FROM t"))
                    .containsExactly("10|5|14");
            assertThat(db.tables()).containsExactly("t");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_write_that_fails_leaves_everything_as_it_was(Kind kind) throws Exception {
        TestDatabase db = TestDatabase.open(kind, directory);
        db.run("CREATE TABLE t (id integer NOT NULL CHECK (id < 30), name varchar(20))");
        db.run("INSERT INTO t VALUES (1, 'old')");
        try (Session q = Quiver.local()) {
            DataFrame rows = q.of(Trip.class, trips(0, 40)).select("id", "name");

            assertThatThrownBy(() -> rows.write().jdbc(db.url()).append().table("t"))
                    .isInstanceOf(QuiverException.class)
                    .hasMessageContaining("writing into t failed");
            assertThatThrownBy(() ->
                            q.of(Trip.class, trips(0, 3))
                                    .withColumn("id", col("id").minus(col("id")))
                                    .write()
                                    .jdbc(db.url())
                                    .upsert("id")
                                    .table("u"))
                    .hasMessageContaining("several rows for u have the key id = 0");

            assertThat(db.rows("SELECT * FROM t")).containsExactly("1|old");
            assertThat(db.tables()).containsExactly("t");
        }
    }

    @ParameterizedTest
    @EnumSource
    void names_may_be_strange(Kind kind) throws Exception {
        TestDatabase db = TestDatabase.open(kind, directory);
        try (Session q = Quiver.local()) {
            String strange = "we\"ird; drop table x -- ' ?";
            DataFrame rows =
                    q.of(Trip.class, trips(0, 5))
                            .select("id", "name")
                            .rename("name", "a \"name\"; select ?");

            rows.write().jdbc(db.url()).table(strange);
            rows.write().jdbc(db.url()).append().table(strange);
            DataFrame read = q.read().jdbc(db.url()).partitionBy("id", 2).table(strange);

            assertThat(read.count()).isEqualTo(10);
            assertThat(read.schema().names()).containsExactly("id", "a \"name\"; select ?");
            assertThat(read.filter(col("id").eq(3)).count()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_query_takes_parameters_and_partitions(Kind kind) throws Exception {
        TestDatabase db = TestDatabase.open(kind, directory);
        try (Session q = Quiver.local()) {
            q.of(Trip.class, trips(0, 1_000)).write().jdbc(db.url()).table("trips");

            DataFrame late =
                    q.read()
                            .jdbc(db.url())
                            .query(
                                    "select id, km from trips where id > ? and name <> ?;",
                                    500,
                                    "x");

            assertThat(late.filter(col("id").lt(700)).count()).isEqualTo(171);
            DataFrame parts =
                    q.read()
                            .jdbc(db.url())
                            .partitionBy("km", 4)
                            .query("select id, km from trips -- all");
            try (Table total = parts.agg(sum("id").as("ids")).collect()) {
                assertThat(total.row(0).getLong("ids")).isEqualTo(499_500);
            }
            assertThat(parts.explain()).contains("Scan[select id, km from trips -- all]");
        }
    }

    @Test
    void dates_and_timestamps_cut_partitions() throws Exception {
        for (Kind kind : List.of(Kind.POSTGRESQL, Kind.DUCKDB)) {
            TestDatabase db = TestDatabase.open(kind, directory);
            try (Session q = Quiver.local()) {
                q.of(Trip.class, trips(0, 300)).write().jdbc(db.url()).table("trips");

                for (String column : List.of("day", "left", "seen", "price", "km")) {
                    DataFrame read = q.read().jdbc(db.url()).partitionBy(column, 7).table("trips");
                    assertThat(read.count()).as(kind + " by " + column).isEqualTo(300);
                }
            }
        }
    }

    @Test
    void a_missing_driver_is_named_and_secrets_are_not() {
        try (Session q = Quiver.local()) {
            assertThatThrownBy(() -> q.read().jdbc("jdbc:oracle:thin:@x").table("t"))
                    .hasMessageContaining("no JDBC driver for 'jdbc:oracle:thin:@x'");
            assertThatThrownBy(() ->
                            q.read()
                                    .jdbc("jdbc:postgresql://localhost:1/x?user=me&password=s3cret")
                                    .table("t"))
                    .satisfies(e -> {
                        assertThat(stack(e)).contains("password=***").doesNotContain("s3cret");
                    })
                    .isInstanceOfSatisfying(
                            QuiverException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
            assertThatThrownBy(() ->
                            q.read()
                                    .jdbc("jdbc:postgresql://localhost:1/x", "me", "s3cret")
                                    .table("t"))
                    .satisfies(e -> assertThat(stack(e)).doesNotContain("s3cret"));
        }
    }

    private static String stack(Throwable thrown) {
        var text = new java.io.StringWriter();
        thrown.printStackTrace(new java.io.PrintWriter(text));
        return text.toString();
    }
}
