package dev.quiver.client.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.client.database.TestDatabase.Kind;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What databases refuse is said with what helps.
class RefusalsTest {
    private static Session q;

    @TempDir Path directory;

    @BeforeAll
    static void open() {
        q = Quiver.local(Options.defaults().slots(2).quiet());
    }

    @AfterAll
    static void close() {
        q.close();
    }

    private static void refused(ThrowingCallable call, ErrorCode code, String... parts) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        QuiverException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(parts);
    }

    @Test
    void postgresql_refuses_users_names_and_values() throws Exception {
        TestDatabase db = TestDatabase.open(Kind.POSTGRESQL, directory);
        db.run(
                "CREATE TABLE t (id int, name text)",
                "INSERT INTO t SELECT i, 'n' || i FROM generate_series(1, 100) i",
                "CREATE TABLE numbers (id smallint, name int)",
                "DROP ROLE IF EXISTS guest",
                "CREATE ROLE guest LOGIN PASSWORD 'right'",
                "GRANT SELECT ON t TO guest");
        String url = db.url().replaceFirst("[?].*", "");
        DataFrame rows = q.read().jdbc(db.url()).table("t");
        ErrorCode failed = ErrorCode.DATABASE_FAILED;

        assertThat(q.read().jdbc(url, "guest", "right").table("t").count()).isEqualTo(100);
        refused(
                () -> q.read().jdbc(url, "guest", "wrong").table("t"),
                failed,
                "password authentication failed for user \"guest\"",
                "fix: check the user and the password");
        refused(
                () -> q.read().jdbc(url + "_not", "postgres", "").table("t"),
                failed,
                "does not exist",
                "fix: check the database's name");
        refused(
                () -> q.read().jdbc(db.url()).table("missing"),
                failed,
                "relation \"missing\" does not exist",
                "fix: check the table's name");
        refused(
                () -> rows.write().jdbc(url, "guest", "right").append().table("t"),
                failed,
                "permission denied",
                "fix: connect as a user who has the right");
        refused(
                () -> rows.write().jdbc(db.url()).upsert("id").table("t"),
                failed,
                "fix: upsert(…) by columns that are the table's primary key");
        refused(
                () -> rows.write().jdbc(db.url()).append().table("numbers"),
                failed,
                "invalid input syntax for type integer: \"n1\"",
                "fix: mend or filter the values");
        refused(
                () -> q.read().jdbc(db.url()).query("select * from t where id > ?").count(),
                failed,
                "No value specified for parameter 1");
        assertThat(db.tables()).containsExactly("numbers", "t");
        db.run("DROP OWNED BY guest", "DROP ROLE guest");
    }

    @Test
    void a_database_file_that_is_missing_is_not_made() {
        for (String kind : new String[] {"duckdb", "sqlite"}) {
            Path file = directory.resolve("missing." + kind);
            refused(
                    () -> q.read().jdbc("jdbc:%s:%s".formatted(kind, file)).table("t"),
                    ErrorCode.FILE_NOT_FOUND,
                    "no database '%s'".formatted(file));
            assertThat(Files.exists(file)).isFalse();
        }
    }

    @Test
    void a_short_password_does_not_show_where_words_have_its_letters() {
        var database = new Database("jdbc:postgresql://host/x", "me", "p");

        assertThat(database.masked("the attempt with p failed"))
                .isEqualTo("the attempt with *** failed");
    }
}
