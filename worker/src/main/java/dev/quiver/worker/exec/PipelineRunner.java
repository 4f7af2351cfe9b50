package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.kernel.JoinTable;
import dev.quiver.columnar.kernel.SortedRun;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.Unavailable;
import dev.quiver.graph.Region;
import dev.quiver.io.ChunkReader;
import dev.quiver.io.DictionarySet;
import dev.quiver.io.jdbc.TableScans;
import dev.quiver.operator.Operator;
import dev.quiver.operator.Pipeline;
import dev.quiver.operator.Sink;
import dev.quiver.operator.Source;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.FileNote;
import dev.quiver.worker.store.SeenKeyTable;
import dev.quiver.worker.store.TaskOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/// Runs pipelines: one call takes one partition from the source through the operators into the
/// sink, chunk by chunk, in the calling thread. Safe for many threads at once.
public final class PipelineRunner {
    private final MemoryPool pool;
    private final ChunkStore store;
    private final DictionarySet dictionaries;
    private final Formats formats;

    /// @param store where frames that the session holds are
    public PipelineRunner(
            MemoryPool pool, ChunkStore store, DictionarySet dictionaries, Formats formats) {
        this.pool = pool;
        this.store = store;
        this.dictionaries = dictionaries;
        this.formats = formats;
    }

    /// Runs a partition to its end. The caller owns the output; after a failure nothing is held.
    ///
    /// @throws dev.quiver.error.QuiverException what went wrong, with all its memory given back
    public TaskOutput run(PipelineTask asked) {
        return run(asked, _ -> {});
    }

    /// As above.
    ///
    /// @param failing is told which part threw, if one does: 0 the source, then the operators, then
    ///   the sink
    public TaskOutput run(PipelineTask asked, IntConsumer failing) {
        PipelineTask task = asked.numbered();
        if (!(task.pipeline().sink() instanceof Sink.MergeSorted merge))
            return streamed(task, failing);
        try {
            return merge(task, merge);
        } catch (RuntimeException | Error e) {
            failing.accept(1);
            throw e;
        }
    }

    private TaskOutput streamed(PipelineTask task, IntConsumer failing) {
        var accounts = new ArrayList<MemoryAccount>();
        boolean done = false;
        try (var flow = new PipelineFlow(task.checkpoint(), task.counts())) {
            TaskOutput output = streamed(task, flow, accounts, failing);
            done = true;
            return output;
        } finally {
            // What a refused allocation in the middle of an operator left behind.
            if (!done) accounts.forEach(MemoryAccount::abandon);
            accounts.forEach(MemoryAccount::close);
        }
    }

    private TaskOutput streamed(
            PipelineTask task,
            PipelineFlow flow,
            List<MemoryAccount> accounts,
            IntConsumer failing) {
        try {
            open(task, flow, accounts);
            return flow.run();
        } catch (RuntimeException | Error e) {
            failing.accept(flow.part());
            throw e;
        }
    }

    private void open(PipelineTask task, PipelineFlow flow, List<MemoryAccount> accounts) {
        Pipeline pipeline = task.pipeline();
        ChunkReader reader =
                open(
                        task,
                        pipeline.source(),
                        task.partition(),
                        account(task, pipeline.source(), accounts));
        flow.source(reader);
        flow.notes(notes(task));
        boolean rowByRow = true;
        int part = 0;
        for (Operator operator : pipeline.operators()) {
            flow.opens(++part);
            Step step = step(task, operator, account(task, operator, accounts));
            int index = flow.step(step);
            if (step instanceof GateStep gate && rowByRow)
                gate.standsOn(reader, flow.behind(index));
            if (operator instanceof Operator.Gate gate && gate.quarantine().isPresent())
                flow.readAll();
            rowByRow &= operator instanceof Operator.Project;
        }
        flow.opens(++part);
        flow.sink(sink(task, flow, account(task, pipeline.sink(), accounts)));
    }

    private MemoryAccount account(PipelineTask task, Object part, List<MemoryAccount> accounts) {
        var owner = new Owner(task.plan(), part.getClass().getSimpleName(), task.partition());
        MemoryAccount account = pool.attempt(owner, task.checkpoint());
        accounts.add(account);
        return account;
    }

    /// What gates kept in the tasks that this one reads.
    private static List<FileNote> notes(PipelineTask task) {
        var notes = new ArrayList<FileNote>();
        for (TaskOutput output : task.inputs().all(task.dependencies().size()))
            notes.addAll(output.notes());
        return notes;
    }

    private ChunkReader open(
            PipelineTask task, Source source, int partition, MemoryAccount account) {
        return switch (source) {
            case Source.ScanCsv scan -> formats.open(scan, partition, account, dictionaries);
            case Source.ScanFiles scan -> formats.open(scan, partition, account, dictionaries);
            case Source.ScanParquet scan -> formats.open(scan, partition, account, dictionaries);
            case Source.ScanTable scan -> TableScans.open(scan, partition, account, dictionaries);
            case Source.InTurn(var inner, var partitions) ->
                    new TurnReader(partitions, p -> open(task, inner, p, account));
            case Source.Some(var whole, _, int first) ->
                    open(task, whole, partition - first, account);
            case Source.Held(var id, _, var partitions) ->
                    new ChunkListReader(held(id, partition, partitions));
            case Source.Input(var input, _) -> {
                List<Chunk> chunks = inputChunks(task, input);
                chunks.forEach(Chunk::retain);
                yield new ChunkListReader(chunks);
            }
        };
    }

    private List<Chunk> held(String id, int partition, int partitions) {
        List<Chunk> chunks = store.heldChunks(id, partition, partitions);
        if (chunks != null) return chunks;
        throw new Unavailable(
                "the rows of '%s' are not held any more".formatted(id),
                List.of(),
                "don't release or close what a frame still reads; or make the frame again");
    }

    private static List<Chunk> inputChunks(PipelineTask task, int input) {
        var chunks = new ArrayList<Chunk>();
        Optional<Region> region = task.dependencies().get(input).region(task.partition());
        List<TaskOutput> outputs = task.inputs().outputs(input);
        int each = outputs.size() / region.map(Region::slices).orElse(1);
        for (int i = 0; i < outputs.size(); i++) {
            TaskOutput output = outputs.get(i);
            if (region.isEmpty()) chunks.addAll(output.chunks());
            else chunks.addAll(output.slice(region.get().fromSlice() + i / each));
        }
        return chunks;
    }

    private Step step(PipelineTask task, Operator operator, MemoryAccount account) {
        return switch (operator) {
            case Operator.Filter filter -> new FilterStep(filter, account);
            case Operator.Project(var columns, var schema) ->
                    new ProjectStep(List.of(columns), schema, account);
            case Operator.Expand(var rows, var schema) -> new ProjectStep(rows, schema, account);
            case Operator.Probe probe -> new ProbeStep(probe, table(task, probe.input()), account);
            case Operator.Gate gate ->
                    new GateStep(
                            gate,
                            new GateStep.Surroundings(
                                    task.partition(),
                                    input -> table(task, input),
                                    load -> seen(load, account),
                                    formats,
                                    account));
            case Operator.Limit(var rows) -> new LimitStep(rows, account);
            case Operator.MapRecords map -> new RecordStep(map, account);
            case Operator.MapBatches map -> new BatchStep(map, account);
        };
    }

    private static JoinTable table(PipelineTask task, int input) {
        List<TaskOutput> tables = task.inputs().outputs(input);
        if (tables.size() != 1)
            throw new IllegalStateException(
                    "input %d gives %d tables, not one".formatted(input, tables.size()));
        return tables.getFirst().table();
    }

    private GateStep.Seen seen(String load, MemoryAccount account) {
        if (load.isEmpty()) {
            var table = new SeenKeyTable(account);
            return new GateStep.Seen(table, table::close);
        }
        return new GateStep.Seen(store.seenKeys(load), () -> {});
    }

    private SinkRun sink(PipelineTask task, PipelineFlow flow, MemoryAccount account) {
        return switch (task.pipeline().sink()) {
            case Sink.Collect(var slices) -> new CollectSink(slices, account);
            case Sink.Exchange exchange -> new ExchangeSink(exchange, account);
            case Sink.Aggregate aggregate -> new AggregateSink(aggregate, account);
            case Sink.BuildTable table -> new TableSink(table, account);
            case Sink.SortRun(var order) -> new SortSink(order, Long.MAX_VALUE, account);
            case Sink.TopRows(var order, var rows) -> new SortSink(order, rows, account);
            case Sink.Write(var target, var schema) ->
                    new WriteSink(target, schema, task.partition(), formats, account, flow::notes);
            case Sink.JoinFiles join ->
                    new JoinFilesSink(join, formats, account, task.checkpoint());
            case Sink.WriteTable(var target, var schema) ->
                    new TableWriteSink(target, schema, task.partition(), account, flow::notes);
            case Sink.MergeSorted _ -> throw new IllegalStateException("merged on its own");
        };
    }

    /// Runs are read as they are, not as a stream of chunks.
    private TaskOutput merge(PipelineTask task, Sink.MergeSorted merge) {
        Pipeline pipeline = task.pipeline();
        if (!(pipeline.source() instanceof Source.Input(var input, var schema))
                || !pipeline.operators().isEmpty())
            throw new IllegalStateException("sorted runs are merged straight from the input");
        long begin = System.nanoTime();
        MemoryAccount account =
                pool.attempt(
                        new Owner(task.plan(), "MergeSorted", task.partition()), task.checkpoint());
        boolean done = false;
        try (account) {
            var runs = new ArrayList<SortedRun>();
            for (TaskOutput output : task.inputs().outputs(input))
                if (output.rows() > 0) runs.add(output.run());
            List<Chunk> chunks =
                    SortedRun.merge(
                            schema, runs, merge.order(), task.partition(), merge.parts(), account);
            TaskOutput merged = TaskOutput.ofChunks(chunks).withNotes(notes(task));
            task.counts().add(0, merged.rows(), merged.bytes(), 0);
            task.counts().add(1, merged.rows(), merged.bytes(), System.nanoTime() - begin);
            done = true;
            return merged;
        } finally {
            if (!done) account.abandon();
        }
    }
}
