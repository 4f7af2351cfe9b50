package dev.quiver.pipeline;

import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.Gate;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.schema.DataType;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows of keys that are deleted from files, whatever happens meanwhile.
final class ErasureTest {
    private static Session q;

    @TempDir private Path out;

    @BeforeAll
    static void open() {
        q = Quiver.local(Options.defaults().slots(2).quiet());
    }

    @AfterAll
    static void close() {
        q.close();
    }

    /// Orders of some people in folders by country; `u3` and `u5` are in one folder each.
    private Path orders(String name, String codec) throws IOException {
        var text = new StringBuilder("order,person,country,note\n");
        for (int i = 0; i < 300; i++) {
            String person = "u%d".formatted(i % 10);
            String country = i % 10 == 3 ? "FR" : i % 10 == 5 ? "IT" : i % 2 == 0 ? "DE" : "US";
            String note = i % 7 == 0 ? "" : i % 7 == 1 ? "\"a, \"\"b\"\"\"" : "x" + i;
            text.append("%d,%s,%s,%s\n".formatted(i, i == 8 ? "" : person, country, note));
        }
        Path csv = Files.writeString(out.resolve(name + "-in.csv"), text);
        Path directory = out.resolve(name);
        var writer = q.read().csv(csv).write().partitionBy("country").compression(codec);
        if (name.startsWith("csv")) writer.csv(directory + "/");
        else writer.parquet(directory + "/");
        return directory;
    }

    private static SortedMap<String, String> changed(
            SortedMap<String, String> before, SortedMap<String, String> after) {
        var changed = new TreeMap<String, String>();
        before.forEach((name, bytes) -> {
            if (!bytes.equals(after.get(name))) changed.put(name, bytes);
        });
        return changed;
    }

    @Test
    void only_files_with_the_keys_are_written_anew() throws IOException {
        Path orders = orders("orders", "zstd");
        SortedMap<String, String> before = FlightFiles.contents(orders);
        long rows = q.read().parquet(orders).count();

        Erasure erasure = Erasure.from(orders.toString()).keys("person", "u3", "u5", "nobody");
        Erased counted = erasure.dryRun(q);
        assertThat(FlightFiles.contents(orders)).isEqualTo(before);
        Erased erased = erasure.run(q);

        assertThat(erased).isEqualTo(counted);
        assertThat(erased.rows()).isEqualTo(60);
        assertThat(erased.filesRead()).isEqualTo(4);
        assertThat(erased.files()).hasSize(2).allMatch(f -> f.toString().matches(".*(FR|IT).*"));
        SortedMap<String, String> after = FlightFiles.contents(orders);
        assertThat(after.keySet()).isEqualTo(before.keySet());
        assertThat(changed(before, after).keySet()).allMatch(name -> name.matches(".*(FR|IT).*"));
        assertThat(q.read().parquet(orders).count()).isEqualTo(rows - 60);
        assertThat(q.read().parquet(orders).filter(col("person").isNull()).count()).isEqualTo(1);
        assertThat(erasure.run(q).rows()).isZero();
    }

    @Test
    void nothing_of_a_key_is_left_in_the_bytes() throws IOException {
        Path orders = orders("orders", "none");

        Erasure.from(orders.toString()).keys("person", "u4").run(q);

        try (Stream<Path> files = Files.walk(orders)) {
            for (Path file : files.filter(Files::isRegularFile).toList())
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("u4");
        }
        assertThat(q.read().parquet(orders).filter(col("person").eq("u6")).count()).isEqualTo(30);
    }

    @Test
    void numbers_may_be_said_as_texts() throws IOException {
        Path orders = orders("orders", "snappy");

        assertThat(Erasure.from(orders.toString()).keys("order", "7", "9").run(q).rows())
                .isEqualTo(2);
        assertThat(Erasure.from(orders.toString()).keys("order", 11, 12L).run(q).rows())
                .isEqualTo(2);
        assertThat(q.read().parquet(orders).filter(col("order").le(12)).count()).isEqualTo(9);
    }

    @Test
    void texts_are_values_of_the_column_however_they_are_written() throws IOException {
        Path csv =
                Files.writeString(
                        out.resolve("in.csv"),
                        """
                        day,at,price
                        2024-02-29,2024-02-29T10:00:00Z,1.50
                        2024-03-01,2024-03-01T00:30:00Z,2.25
                        2024-03-02,2024-03-02T00:30:00Z,3.25
                        """);
        String day = out + "/days/";
        q.read().type("price", new DataType.Decimal(10, 2)).csv(csv).write().parquet(day);

        assertThat(Erasure.from(day).keys("day", "2024-02-29").dryRun(q).rows()).isEqualTo(1);
        assertThat(Erasure.from(day).keys("at", "2024-02-29T10:00:00Z").dryRun(q).rows())
                .isEqualTo(1);
        assertThat(Erasure.from(day).keys("price", "1.5", 2.25).dryRun(q).rows()).isEqualTo(2);
        assertThatThrownBy(() -> Erasure.from(day).keys("day", "yesterday").dryRun(q))
                .isInstanceOf(QuiverException.class)
                .hasMessageContaining("date");
    }

    @Test
    void a_folder_that_is_a_key_goes() throws IOException {
        Path orders = orders("orders", "snappy");

        Erased erased = Erasure.from(orders.toString()).keys("country", "FR", "DE").run(q);

        assertThat(erased.rows()).isEqualTo(180);
        try (Stream<Path> folders = Files.list(orders)) {
            assertThat(folders.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("country=IT", "country=US");
        }
    }

    @Test
    void other_lines_of_csv_stay_as_they_are() throws IOException {
        for (String codec : List.of("none", "gzip")) {
            Path orders = orders("csv-" + codec, codec);
            Path file;
            try (Stream<Path> files = Files.walk(orders.resolve("country=US"))) {
                file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
            }
            List<String> before = lines(file);

            Erased erased = Erasure.from(orders.toString()).keys("order", 1, 7).run(q);

            assertThat(erased.rows()).isEqualTo(2);
            assertThat(lines(file))
                    .isEqualTo(before.stream().filter(line -> !line.matches("(1|7),.*")).toList());
        }
    }

    private static List<String> lines(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            boolean isPacked = file.toString().endsWith(".gz");
            var text = isPacked ? new java.util.zip.GZIPInputStream(in) : in;
            return new String(text.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @Test
    void a_quarantine_keeps_its_rows_without_their_text() throws IOException {
        Path in = out.resolve("in.csv");
        Files.writeString(in, "person,age\nu1,x\nu17,y\nu1 senior,z\nu2,5\n");
        for (String bad : List.of("bad", "bad.csv")) {
            Gate gate = Gate.rules().matches("age", "[0-9]+").quarantine(out.resolve(bad) + "/");
            q.read().csv(in).gate(gate).write().overwrite().parquet(out.resolve("good") + "/");

            Erased erased =
                    Erasure.from(out.resolve("good").toString())
                            .keys("person", "u1")
                            .quarantine(out.resolve(bad).toString())
                            .run(q);

            assertThat(erased.rows()).isZero();
            assertThat(erased.quarantined()).isEqualTo(2);
            var rows =
                    bad.equals("bad")
                            ? q.read().parquet(out.resolve(bad))
                            : q.read().csv(out.resolve(bad));
            assertThat(rows.count()).isEqualTo(3);
            assertThat(rows.filter(col("raw").eq("u17,y")).count()).isEqualTo(1);
            assertThat(rows.filter(col("raw").isNull()).count()).isEqualTo(2);
        }
    }

    @Test
    void whatever_fails_every_file_is_whole_and_another_run_deletes_the_rest() throws IOException {
        Path orders = orders("orders", "snappy");
        var keys = List.of("u0", "u1", "u3", "u5");
        var counting = new TroubledDisk((_, _) -> {});
        Path copy = copied(orders, out.resolve("copy"));
        erasure(copy, keys).in(Victim.with(counting)).run(q);
        long left = q.read().parquet(copy).count();
        SortedMap<String, String> whole = FlightFiles.contents(copy);
        long all = q.read().parquet(orders).count();

        for (long failing = 1; failing <= counting.steps(); failing++) {
            long step = failing;
            Path again = copied(orders, out.resolve("copy" + step));
            var disk =
                    new TroubledDisk((at, _) -> {
                        if (at >= step) throw new IOException("the process is gone");
                    });
            assertThatThrownBy(() -> erasure(again, keys).in(Victim.with(disk)).run(q))
                    .isInstanceOf(QuiverException.class);
            assertThat(q.read().parquet(again).count()).isBetween(left, all);

            erasure(again, keys).run(q);

            assertThat(FlightFiles.contents(again)).as("step %d", step).isEqualTo(whole);
            List<String> log = Files.readAllLines(out.resolve("copy" + step + ".jsonl"));
            assertThat(log.getLast()).startsWith("{\"event\":\"erased\"");
            assertThat(String.join("", log)).doesNotContain("\"u0\"");
        }
    }

    private static Erasure erasure(Path directory, List<String> keys) {
        return Erasure.from(directory.toString()).keys("person", keys).audit(directory + ".jsonl");
    }

    private static Path copied(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) Files.copy(file, to.resolve(from.relativize(file)));
        }
        return to;
    }

    @Test
    void a_failure_leaves_no_copy_of_a_file() throws IOException {
        Path orders = orders("orders", "snappy");
        SortedMap<String, String> before = FlightFiles.contents(orders);
        var disk =
                new TroubledDisk((_, what) -> {
                    if (what.startsWith("move ")) throw new IOException("no space");
                });

        assertThatThrownBy(() -> erasure(orders, List.of("u3")).in(Victim.with(disk)).run(q))
                .hasMessageContaining("can't delete keys from")
                .message()
                .doesNotContain("u3");

        assertThat(FlightFiles.contents(orders)).isEqualTo(before);
    }

    @Test
    void an_audit_log_does_not_show_keys_that_folders_are_named_by() throws IOException {
        Path orders = orders("orders", "snappy");
        Path log = out.resolve("audit.jsonl");

        Erasure.from(orders.toString()).keys("country", "FR").audit(log.toString()).run(q);

        assertThat(Files.readAllLines(log))
                .hasSize(2)
                .allMatch(line -> line.contains(orders + "/country=***/"))
                .noneMatch(line -> line.contains("FR"));
    }

    @Test
    void an_audit_log_does_not_show_the_key_in_the_name_of_the_directory() throws IOException {
        Path orders = orders("orders", "snappy");
        Path log = out.resolve("audit.jsonl");

        Erasure.from(orders + "/country=FR").keys("person", "u3").audit(log.toString()).run(q);
        Erasure.from(orders + "/country=IT").keys("country", "IT").audit(log.toString()).run(q);

        assertThat(Files.readAllLines(log))
                .hasSize(4)
                .allMatch(line -> line.contains(orders + "/country="))
                .noneMatch(line -> line.contains("=IT"));
        assertThat(orders.resolve("country=IT")).isEmptyDirectory();
        assertThat(q.read().parquet(orders).count()).isEqualTo(270 - 30);
    }

    @Test
    void folders_named_by_numbers_are_found_however_they_are_written() throws IOException {
        Path csv = Files.writeString(out.resolve("in.csv"), "id,price\n1,1.50\n2,2.25\n3,10\n");
        String prices = out + "/prices/";
        q.read()
                .type("price", new DataType.Decimal(10, 2))
                .csv(csv)
                .write()
                .partitionBy("price")
                .parquet(prices);

        Path more = Files.writeString(out.resolve("more.csv"), "id,x\n7,a\n1.5,b\n10,c\n7.0,d\n");

        assertThat(
                        Erasure.from(more.toString())
                                .keys("id", 7.0, new BigDecimal("1.50"), 10f)
                                .run(q)
                                .rows())
                .isEqualTo(4);
        assertThat(Erasure.from(prices).keys("price", "1.5", 10).run(q).rows()).isEqualTo(2);
        assertThat(Erasure.from(prices).keys("price", 2.25).run(q).rows()).isEqualTo(1);
    }

    @Test
    void lists_and_structs_of_other_rows_stay() throws IOException {
        Path json =
                Files.writeString(
                        out.resolve("in.jsonl"),
                        """
                        {"id":1,"tags":["a","b"],"at":{"city":"Bern","zip":[3000]}}
                        {"id":2,"tags":[],"at":{"city":"Rome","zip":[1,2]}}
                        {"id":3,"tags":null,"at":null}
                        """);
        String places = out + "/places/";
        q.read().json(json).write().parquet(places);

        Erased erased = Erasure.from(places).keys("id", 1).run(q);

        assertThat(erased.rows()).isEqualTo(1);
        try (var rows = q.read().parquet(places).sort("id").collect();
                var wanted = q.read().json(json).filter(col("id").gt(1)).sort("id").collect()) {
            assertThat(rows.toString()).isEqualTo(wanted.toString()).doesNotContain("Bern");
        }
    }

    @Test
    void checksums_of_files_that_are_written_anew_go() throws IOException {
        Path csv = Files.writeString(out.resolve("people.csv"), "id,name\n1,Ada\n2,Grace\n");
        Path sum = Files.writeString(out.resolve(".people.csv.crc"), "crc");
        Path other = Files.writeString(out.resolve(".more.csv.crc"), "crc");

        Erasure.from(csv.toString()).keys("id", 1).run(q);

        assertThat(sum).doesNotExist();
        assertThat(other).exists();
    }

    @Test
    void tables_with_a_log_of_their_files_are_refused() throws IOException {
        for (String log : List.of("_delta_log", ".hoodie")) {
            Path orders = orders("orders" + log, "snappy");
            Files.createDirectory(orders.resolve(log));

            assertThatThrownBy(() -> Erasure.from(orders.toString()).keys("person", "u1").run(q))
                    .hasMessageContaining("UNSUPPORTED")
                    .hasMessageContaining(log);
        }
    }

    @Test
    void keys_are_found_in_the_text_of_a_quarantine_however_it_is_written() throws IOException {
        Path in = out.resolve("in.jsonl");
        Files.writeString(
                in,
                """
                {"person":"J\\u00f6rg\\tM","age":"x"}
                {"person":"J\\u00F6rg\tM","age":"x"}
                {"person":"Jörg\\tM","age":"x"}
                {"person":"J\\u00f6rg\\tMa","age":"x"}
                """);
        Gate gate = Gate.rules().matches("age", "[0-9]+").quarantine(out.resolve("bad") + "/");
        q.read().json(in).gate(gate).write().overwrite().parquet(out.resolve("good") + "/");
        Path more =
                Files.writeString(out.resolve("more.csv"), "id,age\n007,x\n70,y\n7.0,z\n17,v\n");
        Path bad = out.resolve("bad2");
        Gate ages = Gate.rules().matches("age", "[0-9]+").quarantine(bad.toString());
        q.read().csv(more).gate(ages).write().overwrite().parquet(out.resolve("good2") + "/");

        Erasure people =
                Erasure.from(out.resolve("good").toString())
                        .keys("person", "Jörg\tM")
                        .quarantine(out.resolve("bad").toString());
        Erasure numbers =
                Erasure.from(out.resolve("good2").toString())
                        .keys("id", 7)
                        .quarantine(bad.toString());

        assertThat(people.run(q).quarantined()).isEqualTo(3);
        assertThat(numbers.run(q).quarantined()).isEqualTo(2);
    }

    @Test
    void a_file_alone_stays_for_whom_it_was() throws IOException {
        Path csv = Files.writeString(out.resolve("people.csv"), "id,name\n1,Ada\n2,Grace\n");
        Path other = Files.writeString(out.resolve("more.csv"), "id,name\n1,Ada\n");
        Files.setPosixFilePermissions(csv, PosixFilePermissions.fromString("rw-r-----"));
        var view = Files.getFileAttributeView(csv, PosixFileAttributeView.class);
        if (view.getOwner().getName().equals("root"))
            view.setOwner(
                    csv.getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByName("nobody"));
        UserPrincipal owner = view.getOwner();

        Erased erased = Erasure.from(csv.toString()).keys("id", 1).run(q);

        assertThat(erased.files()).containsExactly(csv);
        assertThat(Files.readString(csv)).isEqualTo("id,name\n2,Grace\n");
        assertThat(Files.readString(other)).contains("Ada");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(csv)))
                .isEqualTo("rw-r-----");
        assertThat(Files.getOwner(csv)).isEqualTo(owner);
        try (Stream<Path> all = Files.list(out)) {
            assertThat(all).containsExactlyInAnyOrder(csv, other);
        }
    }

    @Test
    void rows_that_come_meanwhile_are_told_of() throws IOException {
        Path orders = orders("orders", "snappy");
        Path waiting = out.resolve(".orders.quiver-flights-3");
        var disk =
                new TroubledDisk((_, what) -> {
                    if (what.startsWith("moved ")) Files.createDirectories(waiting);
                });

        assertThatThrownBy(() -> erasure(orders, List.of("u3")).in(Victim.with(disk)).run(q))
                .hasMessageContaining("didn't end, and its rows may have the keys");

        assertThat(Files.readString(Path.of(orders + ".jsonl"))).doesNotContain("\"erased\"");
    }

    @Test
    void it_is_refused_before_anything_is_deleted() throws IOException {
        Path orders = orders("orders", "snappy");
        SortedMap<String, String> before = FlightFiles.contents(orders);
        String place = orders.toString();

        assertThatThrownBy(() -> Erasure.from(place).run(q))
                .hasMessageContaining("an erasure without keys");
        assertThatThrownBy(() -> Erasure.from(place).keys("persno", "u1").run(q))
                .hasMessageContaining("did you mean 'person'?");
        assertThatThrownBy(() -> Erasure.from(place + "x").keys("person", "u1").run(q))
                .hasMessageContaining("there is no '");
        assertThatThrownBy(() -> Erasure.from(place).keys("person", List.of()))
                .hasMessageContaining("an erasure of 0 keys");
        assertThatThrownBy(() -> Erasure.from(place).keys("person", "u1", null))
                .hasMessageContaining("an erasure of null");
        try (ErasureLock _ = ErasureLock.take(orders)) {
            assertThatThrownBy(() -> Erasure.from(place).keys("person", "u1").run(q))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("another erasure is deleting from");
        }
        Path waiting = Files.createDirectory(out.resolve(".orders.quiver-flights-3"));
        assertThatThrownBy(() -> Erasure.from(place).keys("person", "u1").run(q))
                .hasMessageContaining("didn't end, and its rows may have the keys")
                .hasMessageContaining("give it up with giveUp()");
        Files.delete(waiting);
        Files.writeString(orders.resolve("more.jsonl"), "{}");
        assertThatThrownBy(() -> Erasure.from(place).keys("person", "u1").run(q))
                .hasMessageContaining("is neither Parquet nor CSV");
        Files.delete(orders.resolve("more.jsonl"));
        Files.createSymbolicLink(orders.resolve("a.parquet"), out.resolve("orders-in.csv"));
        assertThatThrownBy(() -> Erasure.from(place).keys("person", "u1").run(q))
                .hasMessageContaining("is a link");
        Files.delete(orders.resolve("a.parquet"));
        assertThatThrownBy(() -> Erasure.from("s3://bucket/orders/"))
                .hasMessageContaining("isn't on this machine");
        assertThat(FlightFiles.contents(orders)).isEqualTo(before);
    }
}
