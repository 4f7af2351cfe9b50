package dev.quiver.io.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// pyarrow reads our files and writes them again, and we read what it wrote. The interpreter is
/// that of the environment variable QUIVER_PYTHON, else `python3`.
@Tag("python")
class ArrowPythonTest {
    private static final String SCRIPT =
            """
            import sys
            import pyarrow as pa
            source, target, kind, codec = sys.argv[1:]
            with pa.memory_map(source) as file:
                reader = pa.ipc.open_file(file) if kind == "file" else pa.ipc.open_stream(file)
                table = reader.read_all()
                table.validate(full=True)
            options = pa.ipc.IpcWriteOptions(
                compression=None if codec == "none" else codec, emit_dictionary_deltas=kind != "file",
                unify_dictionaries=kind == "file")
            new = pa.ipc.new_file if kind == "file" else pa.ipc.new_stream
            with new(target, table.schema, options=options) as writer:
                writer.write_table(table)
            """;

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"file none", "file lz4", "file zstd", "stream none", "stream lz4"})
    void files_go_to_pyarrow_and_back(String how) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ArrowPythonTest -Dseed=" + seed);
        String kind = how.split(" ")[0];
        String codec = how.split(" ")[1];
        var rows = ArrowFiles.rows(new Random(seed), 1_000);
        Path ours = directory.resolve("ours.arrow");
        Path theirs = directory.resolve("theirs.arrow");
        ArrowFiles.write(
                ours, kind.equals("stream"), codec.equals("lz4") ? "none" : codec, rows, 256);

        run(List.of(ours.toString(), theirs.toString(), kind, codec));

        assertThat(ArrowFiles.texts(ArrowFiles.read(theirs)))
                .as("seed %d", seed)
                .isEqualTo(ArrowFiles.texts(rows));
    }

    private static void run(List<String> arguments) throws Exception {
        String python = Objects.requireNonNullElse(System.getenv("QUIVER_PYTHON"), "python3");
        var command = new java.util.ArrayList<>(List.of(python, "-c", SCRIPT));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(said).isZero();
    }
}
