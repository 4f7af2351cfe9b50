package dev.quiver.client;

import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Gate;
import dev.quiver.dataframe.HashKey;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Table;
import dev.quiver.error.GateFailed;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Personal columns of gates: what becomes of their values, and where they aren't shown.
final class PrivacyTest {
    private static final String SECRET = "a key that nobody can guess";
    private static final String CUSTOMERS =
            """
            id,name,card,born,spent
            1,Ada,4929 1111 2222 3333,1815-12-10,10
            2,Grace,123,1906-12-09,
            3,,,,7
            4,Ada,4929 9999,1815-12-10,-5
            """;

    private static Session q;

    @TempDir private Path folder;
    private Path file;

    @BeforeAll
    static void open() {
        q = Quiver.local(Options.defaults().slots(2).strict().quiet());
    }

    @AfterAll
    static void close() {
        q.close();
    }

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("customers.csv"), CUSTOMERS);
    }

    private DataFrame customers() {
        return q.read().csv(file);
    }

    /// Rows as text, values beside each other.
    private static List<String> lines(DataFrame frame) {
        var lines = new ArrayList<String>();
        try (Table table = frame.collect()) {
            for (Row row : table.rows()) {
                var values = new ArrayList<String>();
                for (String name : table.schema().names())
                    values.add(String.valueOf(row.find(name, Object.class).orElse(null)));
                lines.add(String.join("|", values));
            }
        }
        return lines;
    }

    private static String hash(String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] hash = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, 16);
    }

    @Test
    void masked_columns_show_asterisks_the_end_or_nothing() {
        Gate gate = Gate.rules().mask("name", "born").maskAllBut("card", 4).personal("id");

        DataFrame shown = customers().gate(gate);

        assertThat(lines(shown))
                .containsExactly(
                        "1|***|***3333|null|10",
                        "2|***|***|null|null",
                        "3|null|null|null|7",
                        "4|***|***9999|null|-5");
        assertThat(shown.schema().field("born").type())
                .isEqualTo(customers().schema().field("born").type());
        assertThat(gate.personalColumns())
                .hasToString("{name=masked, born=masked, card=masked, id=clear}");
    }

    @Test
    void hashes_are_equal_where_values_are_whatever_their_type() throws Exception {
        Gate gate = Gate.rules().hash(HashKey.of(SECRET), "id", "name");

        List<String> shown = lines(customers().gate(gate).select("id", "name"));

        assertThat(shown)
                .containsExactly(
                        hash("1") + "|" + hash("Ada"),
                        hash("2") + "|" + hash("Grace"),
                        hash("3") + "|null",
                        hash("4") + "|" + hash("Ada"));
    }

    @Test
    void rules_see_the_values_and_quarantines_do_not_show_them() {
        Gate gate =
                Gate.rules()
                        .oneOf("name", "Ada")
                        .atLeast("spent", 0)
                        .mask("name")
                        .personal("card")
                        .quarantine(folder.resolve("bad").toString());

        long passed = customers().gate(gate).write().parquet(folder + "/good.parquet").rows();

        assertThat(passed).isEqualTo(2);
        DataFrame bad = q.read().parquet(folder.resolve("bad"));
        assertThat(lines(bad.select("row", "rule", "raw")))
                .containsExactly(
                        "3|oneOf|{\"id\":2,\"name\":\"***\",\"card\":\"***\","
                                + "\"born\":\"1906-12-09\",\"spent\":null}",
                        "5|range|{\"id\":4,\"name\":\"***\",\"card\":\"***\","
                                + "\"born\":\"1815-12-10\",\"spent\":-5}");
        assertThat(lines(customers().rejects(gate).select("raw")))
                .noneMatch(text -> text.contains("Grace") || text.contains("4929"));
    }

    @Test
    void rows_that_cannot_be_read_leave_no_text() {
        Gate gate =
                Gate.rules()
                        .type("name", DataType.INT64)
                        .mask("card")
                        .quarantine(folder.resolve("bad").toString());

        customers().gate(gate).write().parquet(folder + "/good.parquet");

        assertThat(lines(q.read().parquet(folder.resolve("bad")).select("rule", "raw")))
                .containsExactly("type|", "type|", "type|");
    }

    @Test
    void a_row_that_cannot_be_read_where_nothing_keeps_it_is_not_shown() {
        Gate gate = Gate.rules().type("name", DataType.INT64).personal("card");

        assertThatThrownBy(() -> customers().gate(gate).count())
                .isInstanceOf(GateFailed.class)
                .hasMessageContaining("a row can't be read")
                .hasMessageContaining("'name'")
                .hasMessageContaining("line 2")
                .message()
                .doesNotContain("Ada");
    }

    @Test
    void a_later_gate_does_not_show_what_an_earlier_one_calls_personal() {
        Gate first = Gate.rules().personal("name", "born").mask("card");
        Gate second = Gate.rules().atLeast("spent", 0).quarantine(folder.resolve("bad").toString());

        DataFrame rows = customers().gate(first).drop("born").gate(second);
        rows.write().parquet(folder + "/good.parquet");

        assertThat(lines(q.read().parquet(folder.resolve("bad")).select("raw")))
                .containsExactly("{\"id\":4,\"name\":\"***\",\"card\":\"***\",\"spent\":-5}");
    }

    @Test
    void a_key_tells_the_hash_of_a_value_to_look_for() throws Exception {
        HashKey key = HashKey.of(SECRET);

        DataFrame hashed = customers().gate(Gate.rules().hash(key, "name"));

        assertThat(key.hash("Ada")).isEqualTo(hash("Ada"));
        assertThat(hashed.filter(col("name").eq(key.hash("Ada"))).count()).isEqualTo(2);
    }

    @Test
    void errors_do_not_show_them() {
        Gate gate = Gate.rules().oneOf("name", "Ada").personal("name");

        assertThatThrownBy(() -> customers().gate(gate).count())
                .isInstanceOf(GateFailed.class)
                .hasMessageContaining("a row breaks the gate's rule 'oneOf'")
                .hasMessageContaining("\"name\":\"***\"")
                .message()
                .doesNotContain("Grace");
    }

    record Named(String name) {}

    @Test
    void what_fails_in_a_rule_is_told_without_values() {
        Gate cast = Gate.rules().check("numbers", col("name").cast(DataType.INT64).gt(0));
        Gate asked =
                Gate.rules().check("asked", Named.class, row -> Integer.parseInt(row.name()) > 0);
        Gate mapped =
                Gate.rules()
                        .check(
                                "mapped",
                                col("name")
                                        .map(String.class, Integer.class, Integer::parseInt)
                                        .gt(0));

        for (Gate gate : List.of(cast, asked, mapped)) {
            Gate open = gate.quarantine(folder.resolve("open").toString());
            assertThatThrownBy(() -> customers().rejects(open).count()).hasMessageContaining("Ada");
            Gate hidden = open.personal("name");
            Throwable failure = catchThrowable(() -> customers().rejects(hidden).count());
            assertThat(failure)
                    .isInstanceOf(QuiverException.class)
                    .hasMessageContaining("values aren't shown");
            for (Throwable part = failure; part != null; part = part.getCause())
                assertThat(part.toString()).doesNotContain("Ada").doesNotContain("1815");
            var text = new java.io.StringWriter();
            failure.printStackTrace(new java.io.PrintWriter(text));
            assertThat(text.toString()).doesNotContainPattern("\\bAda\\b");
            if (gate != cast) assertThat(text.toString()).contains("Integer.parseInt");
        }
        assertThatThrownBy(() -> customers().rejects(asked.mask("name")).count())
                .hasMessageContaining("'asked'");
    }

    @Test
    void an_end_longer_than_any_text_is_no_end() {
        DataFrame shown = customers().gate(Gate.rules().maskAllBut("name", Integer.MAX_VALUE));

        assertThat(lines(shown.select("name"))).containsExactly("***", "***", "null", "***");
    }

    @Test
    void plans_show_the_mark_of_a_key_and_not_the_key() {
        HashKey key = HashKey.of(SECRET);

        String plan = customers().gate(Gate.rules().hash(key, "name")).explain();

        assertThat(plan + key).doesNotContain(SECRET);
        assertThat(key.fingerprint()).matches("[0-9a-f]{8}");
        assertThat(key).isEqualTo(HashKey.of(SECRET)).isNotEqualTo(HashKey.of(SECRET + "!"));
    }

    @Test
    void a_gate_in_yaml_has_its_key_in_a_file() throws IOException {
        Path key = Files.writeString(folder.resolve("hash.key"), SECRET + "\n");
        Path yaml =
                Files.writeString(
                        folder.resolve("gate.yaml"),
                        """
                        personal: [id]
                        mask: {name: 0, card: 4}
                        hash: {columns: [born], keyFile: "%s"}
                        rules: []
                        """
                                .formatted(key));

        Gate gate = Gate.yaml(yaml);

        assertThat(gate.personalColumns())
                .hasToString("{id=clear, name=masked, card=masked, born=hashed}");
        assertThat(Gate.yaml(Files.writeString(folder.resolve("2.yaml"), gate.toYaml())))
                .isEqualTo(gate);
        assertThat(gate)
                .isEqualTo(
                        Gate.rules()
                                .personal("id")
                                .mask("name")
                                .maskAllBut("card", 4)
                                .hash(HashKey.of(SECRET), "born"));
        assertThatThrownBy(() -> Gate.rules().hash(HashKey.of(SECRET), "id").toYaml())
                .hasMessageContaining("keep it in a file: HashKey.file(path)");
    }

    @Test
    void what_makes_no_sense_is_refused() {
        assertThatThrownBy(() -> HashKey.of("short"))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("has 5 bytes")
                .hasMessageContaining("openssl rand -hex 32");
        assertThatThrownBy(() -> HashKey.file(folder.resolve("none")))
                .hasMessageContaining("FILE_NOT_FOUND")
                .hasMessageContaining("with the key of hashes");
        assertThatThrownBy(() -> HashKey.of(System.getProperty("quiver.no.such", "")))
                .hasMessageContaining("hashes without a key");
        assertThatThrownBy(() -> Gate.rules().mask("id").hash(HashKey.of(SECRET), "id"))
                .hasMessageContaining("column 'id' is masked and hashed");
        assertThatThrownBy(() -> customers().gate(Gate.rules().mask("nmae")))
                .hasMessageContaining("did you mean 'name'?");
        assertThatThrownBy(() -> customers().gate(Gate.rules().maskAllBut("id", 2)))
                .hasMessageContaining("'id', which is int64 and no text");
        assertThat(customers().gate(Gate.rules().mask("id")).filter(col("id").isNotNull()).count())
                .isZero();
    }
}
