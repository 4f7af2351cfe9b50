package dev.quiver.cluster.data;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.TaskOutput;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A process that serves outputs of stage 1 until its standard input ends: `partitions` of them,
/// each of `slices` slices of one chunk of `rows` rows of three columns.
final class ServingProcess implements AutoCloseable {
    static final Schema SCHEMA =
            Schema.of(
                    Field.of("id", DataType.INT64),
                    Field.of("x", DataType.FLOAT64),
                    Field.of("word", DataType.UTF8));
    private static final int WORDS = 1000;

    private final Process process;
    private final BufferedReader out;
    private final int port;

    private ServingProcess(Process process) throws IOException {
        this.process = process;
        this.out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null) throw new IOException("the process ended before it served");
        this.port = Integer.parseInt(line);
    }

    static ServingProcess start(int partitions, int slices, int rows) throws IOException {
        var command = new ArrayList<String>();
        command.add(System.getProperty("java.home") + File.separator + "bin/java");
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments())
            if (flag.startsWith("--") || flag.startsWith("-XX:+Use")) command.add(flag);
        command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path")));
        command.add(ServingProcess.class.getName());
        for (int number : List.of(partitions, slices, rows)) command.add("" + number);
        var builder = new ProcessBuilder(command);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        return new ServingProcess(builder.start());
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /// kill -9.
    void kill() {
        process.destroyForcibly();
    }

    /// Nanoseconds of processor time that it took so far.
    long cpuNanos() {
        return process.info().totalCpuDuration().orElseThrow().toNanos();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        out.close();
    }

    public static void main(String[] args) throws IOException {
        int partitions = Integer.parseInt(args[0]);
        int slices = Integer.parseInt(args[1]);
        int rows = Integer.parseInt(args[2]);
        var pool = new MemoryPool(8L << 30);
        MemoryAccount account = pool.account(new Owner("served", "Test", -1));
        var store = new ChunkStore();
        var dictionary = new Dictionary(account);
        for (int i = 0; i < WORDS; i++) dictionary.add("word number " + i);
        for (int p = 0; p < partitions; p++) {
            var made = new ArrayList<List<Chunk>>();
            for (int s = 0; s < slices; s++) made.add(List.of(chunk(rows, p, dictionary, account)));
            store.put(1, p, 1, TaskOutput.ofSlices(made));
        }
        FlightEndpoints endpoints = FlightEndpoints.plain(DataSettings.DEFAULTS);
        ChunkServer server =
                ChunkServer.start(
                        endpoints,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        (stage, partition, attempt, _) -> store.find(stage, partition, attempt),
                        new DataClient(endpoints, account).offered());
        System.out.println(server.port());
        while (System.in.read() >= 0) {}
        System.exit(0);
    }

    private static Chunk chunk(
            int rows, int partition, Dictionary dictionary, MemoryAccount account) {
        Buffer ids = account.allocate(rows * 8L);
        Buffer values = account.allocate(rows * 8L);
        Buffer codes = account.allocate(rows * 4L);
        for (int i = 0; i < rows; i++) {
            ids.segment().set(Layouts.LONG, i * 8L, (long) partition * rows + i);
            values.segment().set(Layouts.LONG, i * 8L, Double.doubleToRawLongBits(i * 0.5));
            codes.segment().set(Layouts.INT, i * 4L, i % WORDS);
        }
        List<Column> columns =
                List.of(
                        new FixedColumn(DataType.INT64, rows, ids, null),
                        new FixedColumn(DataType.FLOAT64, rows, values, null),
                        new DictionaryColumn(
                                DataType.UTF8, rows, codes, dictionary, dictionary.pin(), null));
        return new Chunk(SCHEMA, columns, rows);
    }
}
