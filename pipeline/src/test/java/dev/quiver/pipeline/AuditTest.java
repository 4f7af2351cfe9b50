package dev.quiver.pipeline;

import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.Gate;
import dev.quiver.dataframe.HashKey;
import dev.quiver.error.GateFailed;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

    private static String word(String line) {
        return line.substring(10, line.indexOf('"', 10));
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

        Path ledger = out.resolve("ledger/ledger.log");
        assertThat(Files.readString(ledger, StandardCharsets.ISO_8859_1))
                .contains("age")
                .doesNotContain("77123");
        assertThat(run.drift())
                .anyMatch(text -> text.contains("age"))
                .noneMatch(text -> text.contains("77123"));
    }
}
