package dev.quiver.worker.store;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/// A process that has an output in a file.
final class OtherSpiller {
    private static final int ROWS = 100_000;

    private OtherSpiller() {}

    /// Starts one, which waits to be killed.
    static Process start(Path parent) throws IOException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                OtherSpiller.class.getName(),
                                parent.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        if (!"spilled".equals(process.inputReader().readLine()))
            throw new IllegalStateException("it didn't spill");
        return process;
    }

    public static void main(String[] arguments) throws InterruptedException {
        var pool = new MemoryPool(64 << 20);
        var account = pool.account(new Owner("test", "Other", -1));
        var store = new ChunkStore();
        var room = new SpillRoom(Path.of(arguments[0]), OptionalLong.empty());
        store.spillTo(new SpillDirectory(room), account, MemoryLadder.DEFAULT);
        List<Object> numbers = IntStream.range(0, ROWS).<Object>mapToObj(i -> (long) i).toList();
        var schema = Schema.of(Field.of("n", DataType.INT64));
        var column = ColumnBuilder.column(DataType.INT64, account, numbers);
        store.put(1, 0, 1, TaskOutput.ofChunks(List.of(new Chunk(schema, List.of(column), ROWS))));
        if (store.spillOldest()) System.out.println("spilled");
        Thread.sleep(60_000);
    }
}
