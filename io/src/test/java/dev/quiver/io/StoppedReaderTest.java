package dev.quiver.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.memory.Checkpoint;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.Cancelled;
import dev.quiver.io.csv.ByteSource;
import dev.quiver.io.csv.CsvReader;
import dev.quiver.io.excel.ExcelReader;
import dev.quiver.io.json.JsonReader;
import dev.quiver.io.xml.XmlReader;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.FileFormat;
import dev.quiver.operator.FileRange;
import dev.quiver.operator.Source;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A reader that is stopped, at whichever of its allocations or its dictionaries', leaves nothing
/// behind: neither in its own account, which the failed task abandons, nor in the session's.
class StoppedReaderTest {
    private static final Field ID = Field.of("id", DataType.INT64);
    private static final Field NAME = Field.of("name", DataType.UTF8);
    private static final Field KIND = Field.of("kind", DataType.CATEGORICAL);

    @TempDir Path directory;

    private interface Opening {
        ChunkReader open(MemoryAccount account, DictionarySet dictionaries);
    }

    @Test
    void a_stopped_scan_of_csv_leaves_no_memory_behind() throws IOException {
        Path file = Files.writeString(directory.resolve("t.csv"), "id,name,kind\n1,a,x\n2,b,y\n");
        Schema schema = Schema.of(ID, NAME, KIND);
        var scan = new Source.ScanCsv(CsvFormat.DEFAULT, schema, schema, ranges(file));

        int stops =
                stoppedEverywhere(
                        (account, dictionaries) -> CsvReader.open(scan, 0, account, dictionaries));

        assertThat(stops).isGreaterThan(5);
    }

    @Test
    void a_stopped_scan_of_texts_that_turn_out_to_be_all_different_leaves_no_memory_behind()
            throws IOException {
        var text = new StringBuilder("name\n");
        for (int i = 0; i < DictionaryEncoder.VALUES_FREE + 1; i++) text.append(i).append('\n');
        Path file = Files.writeString(directory.resolve("t.csv"), text);
        Schema schema = Schema.of(NAME);
        var scan = new Source.ScanCsv(CsvFormat.DEFAULT, schema, schema, ranges(file));

        int stops =
                stoppedEverywhere(
                        (account, dictionaries) -> CsvReader.open(scan, 0, account, dictionaries));

        assertThat(stops).isGreaterThan(50);
    }

    @Test
    void a_stopped_scan_of_json_leaves_no_memory_behind() throws IOException {
        Path file =
                Files.writeString(
                        directory.resolve("t.jsonl"),
                        "{\"id\":1,\"at\":{\"name\":\"a\",\"kind\":\"x\"}}\n");
        Schema schema = Schema.of(ID, Field.of("at", new DataType.Struct(List.of(NAME, KIND))));
        var format = new FileFormat.Json(true, false, FileFormat.TEXT_BYTES_MAX);
        var scan = new Source.ScanFiles(format, schema, schema, ranges(file));

        int stops =
                stoppedEverywhere((account, dictionaries) ->
                        JsonReader.open(scan, format, 0, account, dictionaries));

        assertThat(stops).isGreaterThan(5);
    }

    @Test
    void a_stopped_scan_of_xml_leaves_no_memory_behind() throws IOException {
        Path file =
                Files.writeString(
                        directory.resolve("t.xml"),
                        "<r><row><id>1</id><name>a</name><kind>x</kind></row></r>");
        Schema schema = Schema.of(ID, NAME, KIND);
        var format = new FileFormat.Xml("row", false, FileFormat.TEXT_BYTES_MAX);
        var scan = new Source.ScanFiles(format, schema, schema, ranges(file));

        int stops =
                stoppedEverywhere((account, dictionaries) ->
                        XmlReader.open(scan, format, 0, account, dictionaries));

        assertThat(stops).isGreaterThan(5);
    }

    @Test
    void a_stopped_scan_of_a_workbook_leaves_no_memory_behind() {
        Path file = Path.of("src/test/resources/excel/sales.xlsx");
        if (!Files.exists(file)) file = Path.of("io").resolve(file);
        Schema schema = Schema.of(Field.of("id", DataType.INT64), Field.of("item", DataType.UTF8));
        var format =
                new FileFormat.Excel("", 1, "", true, List.of(), false, FileFormat.TEXT_BYTES_MAX);
        var scan = new Source.ScanFiles(format, schema, schema, ranges(file));

        int stops =
                stoppedEverywhere((account, dictionaries) ->
                        ExcelReader.open(scan, format, 0, account, dictionaries));

        assertThat(stops).isGreaterThan(5);
    }

    private static List<FileRange> ranges(Path file) {
        return List.of(ByteSource.whole(file));
    }

    /// Reads all, stopped at the first allocation, then at the second, and so on.
    ///
    /// @return how many allocations there were
    private static int stoppedEverywhere(Opening opening) {
        int stop = 0;
        while (readUntil(stop, opening)) stop++;
        return stop;
    }

    /// @return whether it was stopped
    private static boolean readUntil(int stop, Opening opening) {
        try (var pool = new MemoryPool(64L << 20)) {
            var allocations = new AtomicInteger();
            Checkpoint checkpoint =
                    () -> {
                        if (allocations.getAndIncrement() == stop)
                            throw new Cancelled("stopped", List.of(), "let it through");
                    };
            boolean stopped = false;
            try (MemoryAccount session =
                            pool.attempt(new Owner("session", "Dictionaries", -1), checkpoint);
                    var dictionaries = new DictionarySet(session);
                    MemoryAccount attempt = pool.attempt(new Owner("t", "Scan", 0), checkpoint)) {
                try (ChunkReader reader = opening.open(attempt, dictionaries)) {
                    for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next())
                        chunk.close();
                } catch (Cancelled e) {
                    stopped = true;
                    attempt.abandon();
                }
            }
            assertThat(pool.usedBytes()).as("left by a stop at allocation %d", stop).isZero();
            return stopped;
        }
    }
}
