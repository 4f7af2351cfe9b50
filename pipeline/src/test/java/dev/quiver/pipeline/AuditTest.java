package dev.quiver.pipeline;

import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.Gate;
import dev.quiver.dataframe.HashKey;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.On;
import dev.quiver.error.GateFailed;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who read and wrote what, as the audit log tells it.
final class AuditTest {
    private static Session q;

    @TempDir private Path out;
    private Path csv;

    @BeforeAll
    static void open() {
        q = Quiver.local(Options.defaults().slots(2).quiet());
    }

    @AfterAll
    static void close() {
        q.close();
    }

    @BeforeEach
    void write() throws IOException {
        csv = out.resolve("people.csv");
        Files.writeString(csv, "id,name,mail,age\n1,Ada,a@x,36\n2,Grace,g@x,-1\n3,Mary,m@x,40\n");
    }

    private Pipeline people() {
        String file = csv.toString();
        return Pipeline.named("people")
                .ledger(out.resolve("ledger").toString())
                .extract(read -> read.csv(file))
                .gate(
                        Gate.rules()
                                .atLeast("age", 0)
                                .personal("id")
                                .mask("name", "mail")
                                .quarantine(out.resolve("bad").toString()))
                .load(Load.parquet(out.resolve("people").toString()).overwrite())
                .branch(
                        "ages",
                        df -> df.select("id", "age"),
                        Load.csv(out.resolve("ages").toString()).overwrite());
    }

    private List<String> log() throws IOException {
        return Files.readAllLines(out.resolve("ledger").resolve("audit.jsonl"));
    }

    @Test
    void a_run_leaves_a_line_before_it_reads_and_one_before_its_rows_appear() throws IOException {
        people().run(q);

        String user = System.getProperty("user.name");
        assertThat(log()).hasSize(2);
        assertThat(log().getFirst())
                .matches(
                        "\\{\"event\":\"read\",\"run\":\"people-1\",\"began\":\"[^\"]+Z\","
                                + "\"time\":\"[^\"]+Z\",\"user\":\"%s\",\"unitsDone\":0,"
                                        .formatted(user)
                                + "\"read\":\\[\\{\"file\":\"[^\"]+people.csv\",\"bytes\":%d,"
                                        .formatted(Files.size(csv))
                                + "\"changed\":\"[^\"]+Z\"}],"
                                + "\"personal\":\\[\"id\",\"name\",\"mail\"]}");
        assertThat(log().getLast())
                .startsWith("{\"event\":\"loaded\",\"run\":\"people-1\",\"began\":")
                .endsWith(
                        ("\"written\":[{\"target\":\"%1$s/people\",\"rows\":2,\"personal\":"
                             + "{\"id\":\"clear\",\"name\":\"masked\",\"mail\":\"masked\"}},"
                             + "{\"quarantine\":\"%1$s/bad\",\"rows\":1},"
                             + "{\"target\":\"%1$s/ages\",\"rows\":2,\"personal\":"
                             + "{\"id\":\"clear\"}}]}")
                                .formatted(out));
        assertThat(String.join("", log())).doesNotContain("Ada").doesNotContain("Grace");
        try (var events = q.read().json(out.resolve("ledger/audit.jsonl").toString()).collect()) {
            assertThat(events.rows()).hasSize(2);
        }
    }

    @Test
    void a_run_that_goes_on_tells_each_reading_and_one_load() throws IOException {
        var moved = new int[1];
        var disk =
                new TroubledDisk((_, what) -> {
                    if (what.startsWith("moved") && ++moved[0] == 2)
                        throw new IOException("the process is gone");
                });
        assertThatThrownBy(
                        () -> people().retry(1, Duration.ofMillis(1)).in(Victim.with(disk)).run(q))
                .isInstanceOf(QuiverException.class);
        Files.writeString(
                out.resolve("ledger/audit.jsonl"), "{\"event\":\"lo", StandardOpenOption.APPEND);

        people().run(q);

        assertThat(log().stream().map(AuditTest::word)).containsExactly("read", "loaded");
        people().run(q);
        assertThat(log().stream().map(AuditTest::word))
                .containsExactly("read", "loaded", "read", "loaded");
        assertThat(log().getLast()).contains("\"people-2\"");
    }

    @Test
    void all_files_and_tables_are_told_that_rows_come_from() throws Exception {
        Path countries = Files.writeString(out.resolve("countries.csv"), "code\nCH\n");
        Path names = Files.writeString(out.resolve("names.csv"), "key,city\n1,Bern\n");
        String url = "jdbc:duckdb:" + out.resolve("people.db");
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE people AS SELECT i::bigint AS id, 'CH' AS country, i AS at"
                            + " FROM range(1, 4) t(i)");
        }
        Gate gate = Gate.rules().foreignKey("country", countries.toString(), "code").personal("id");
        String sides = names.toString();
        Pipeline merged =
                Pipeline.named("merged")
                        .ledger(out.resolve("ledger").toString())
                        .extract(read -> read.jdbc(url).table("people"))
                        .gate(gate)
                        .transform(
                                df -> df.join(q.read().csv(sides), How.LEFT, On.pair("id", "key")))
                        .load(Load.merge(out.resolve("merged").toString()).on("id").latestBy("at"));

        merged.run(q);
        merged.run(q);

        assertThat(log()).hasSize(4);
        assertThat(log().getFirst())
                .contains("{\"file\":\"" + countries + "\"")
                .contains("{\"file\":\"" + names + "\"")
                .contains("{\"table\":\"people of " + url + "\"}");
        assertThat(log().get(1)).contains("/merged\",\"rows\":3,\"personal\":{\"id\":\"clear\"}}");
        assertThat(log().get(3)).contains("/merged\",\"rows\":0,");
    }

    @Test
    void a_load_whose_line_is_torn_is_told_once_more() throws IOException {
        Path log = out.resolve("ledger/audit.jsonl");
        people().run(q);
        String loaded = log().getLast();
        for (int left = loaded.length(); left >= 0; left -= 7) {
            var file = new AuditLog(new LocalDisk(), out.resolve("torn" + left), "ada");
            String read = log().getFirst() + "\n";
            Files.writeString(out.resolve("torn" + left), read + loaded.substring(0, left));
            String began = loaded.replaceAll(".*\"began\":\"([^\"]+)\".*", "$1");
            var event = new AuditLog.Event("loaded", "run", "people-1", began, "now");

            file.addOnce(event, json -> json.writeStringField("of", "it"));
            file.addOnce(event, json -> json.writeStringField("of", "it"));

            assertThat(Files.readAllLines(out.resolve("torn" + left)))
                    .as("%d bytes", left)
                    .containsExactly(
                            log().getFirst(),
                            ("{\"event\":\"loaded\",\"run\":\"people-1\",\"began\":\"%s\","
                                            + "\"time\":\"now\",\"user\":\"ada\",\"of\":\"it\"}")
                                    .formatted(began));
        }
        assertThat(Files.size(log)).isPositive();
    }

    @Test
    void giving_up_deletes_what_a_unit_had_begun_to_write() throws IOException {
        Path begun = Files.createDirectories(out.resolve(".people.quiver-people-1/tmp"));
        Files.writeString(begun.resolve("part.parquet"), "Ada");
        Path bad = Files.createDirectories(out.resolve(".bad.quiver-people-1"));
        var disk =
                new TroubledDisk((_, what) -> {
                    if (what.startsWith("write") && what.endsWith("audit.jsonl"))
                        throw new IOException("the process is gone");
                });
        assertThatThrownBy(
                        () -> people().retry(1, Duration.ofMillis(1)).in(Victim.with(disk)).run(q))
                .isInstanceOf(QuiverException.class);
        Files.createDirectories(begun);
        Files.createDirectories(bad);

        assertThat(people().giveUp()).isTrue();

        assertThat(begun.getParent()).doesNotExist();
        assertThat(bad).doesNotExist();
    }

    private static String word(String line) {
        return line.substring(10, line.indexOf('"', 10));
    }

    @Test
    void who_knows_only_name_and_ledger_gives_up_in_the_log_of_the_run() throws IOException {
        String log = out.resolve("shared/audit.jsonl").toString();
        Pipeline stuck =
                people().audit(log)
                        .troubled((_, unit) -> {
                            if (unit > 0) throw new IllegalStateException("gone");
                        });
        assertThatThrownBy(() -> stuck.run(q)).hasMessageContaining("gone");

        String ledger = out.resolve("ledger").toString();
        assertThat(Pipeline.named("people").ledger(ledger).giveUp()).isTrue();

        assertThat(Files.readAllLines(Path.of(log)).stream().map(AuditTest::word))
                .containsExactly("read", "given up");
    }

    @Test
    void runs_of_which_nothing_appears_say_so() throws IOException {
        String log = out.resolve("shared/audit.jsonl").toString();
        Gate strict = Gate.rules().atLeast("age", 0).personal("age");
        String file = csv.toString();
        Pipeline stopped =
                Pipeline.named("strict")
                        .ledger(out.resolve("strict").toString())
                        .audit(log)
                        .extract(read -> read.csv(file))
                        .gate(strict)
                        .load(Load.parquet(out.resolve("none").toString()));

        assertThatThrownBy(() -> stopped.run(q)).isInstanceOf(GateFailed.class);
        Pipeline failing =
                people().audit(log)
                        .transform(df -> df.withColumn("x", col("id").divide(0)))
                        .branch(
                                "broken",
                                df ->
                                        df.withColumn(
                                                "y",
                                                col("age")
                                                        .map(
                                                                Long.class,
                                                                Long.class,
                                                                _ -> {
                                                                    throw new IllegalStateException(
                                                                            "x");
                                                                })),
                                Load.csv(out.resolve("broken").toString()));
        assertThatThrownBy(() -> failing.run(q)).isInstanceOf(QuiverException.class);
        assertThat(failing.giveUp()).isTrue();
        try (Stream<Path> left = Files.list(out)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .noneMatch(name -> name.matches("\\.(people|ages|bad)\\..*"));
        }

        assertThat(Files.readAllLines(Path.of(log)).stream().map(AuditTest::word))
                .containsExactly("read", "stopped", "read", "given up");
        assertThat(Files.readAllLines(Path.of(log)).get(1)).endsWith("\"why\":\"GATE_FAILED\"}");
    }

    @Test
    void neither_ledger_nor_audit_log_shows_a_key_of_hashes() throws IOException {
        String secret = "a key that nobody can guess";
        HashKey key = HashKey.of(secret);
        var disk =
                new TroubledDisk((_, what) -> {
                    if (what.startsWith("moved")) throw new IOException("the process is gone");
                });
        Pipeline hashed =
                people().gate(Gate.rules().hash(key, "id"))
                        .load(Load.parquet(out.resolve("hashed").toString()))
                        .retry(1, Duration.ofMillis(1))
                        .in(Victim.with(disk));

        String plan = hashed.explain(q);
        assertThatThrownBy(() -> hashed.run(q)).isInstanceOf(QuiverException.class);

        Path ledger = out.resolve("ledger");
        String known = Files.readString(ledger.resolve("ledger.log"), StandardCharsets.ISO_8859_1);
        assertThat(known).contains(key.fingerprint()).doesNotContain(secret);
        assertThat(plan + String.join("", log())).doesNotContain(secret).doesNotContain("Ada");
    }

    @Test
    void what_drifts_is_told_without_the_values_of_personal_columns() throws IOException {
        people().drift().run(q);
        Files.writeString(csv, "id,name,mail,age\n77123,Ada,a@x,99\n");

        PipelineRun run = people().drift().run(q);

        for (String file : List.of("ledger.log", "runs.jsonl"))
            assertThat(Files.readString(out.resolve("ledger/" + file), StandardCharsets.ISO_8859_1))
                    .as(file)
                    .contains("age")
                    .doesNotContain("77123");
        assertThat(run.drift())
                .anyMatch(text -> text.contains("age"))
                .noneMatch(text -> text.contains("77123"));
    }
}
