package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.kernel.JoinTable;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.GateFailed;
import dev.quiver.io.ChunkReader;
import dev.quiver.io.RowOrigin;
import dev.quiver.operator.GateRule;
import dev.quiver.operator.Operator;
import dev.quiver.operator.Quarantine;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.FileNote;
import dev.quiver.worker.store.SeenKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Lets rows through that fulfil a gate's rules; of the others keeps where they come from and why.
final class GateStep implements Step {
    private static final int PASSES = -1;
    private static final int WAITING_ROWS_MAX = 4096;
    private static final long WAITING_BYTES_MAX = 1L << 20;

    /// Of a row that waits: the objects around its text.
    private static final int WAITING_ROW_BYTES = 256;

    private final Operator.Gate gate;
    private final int partition;
    private final MemoryAccount account;
    private final ValueRules values;
    private final List<Asked> functions = new ArrayList<>();
    private final List<Unique> uniques = new ArrayList<>();
    private final Optional<QuarantineFile> file;
    private final List<List<@Nullable Object>> waiting = new ArrayList<>();
    private long waitingBytes;
    private final KeyBytes key;
    private @Nullable ChunkReader reader;
    private long passed;
    private long checked;

    /// By the names of the keys.
    private final Map<String, Long> dropped = new TreeMap<>();

    /// What is wrong with the first row that can't be read, where nothing keeps such rows.
    private Optional<GateFailed> unread = Optional.empty();

    /// @param rule index in the gate
    private record Asked(int rule, RecordCalls calls) {}

    private record Unique(int rule, List<Evaluation> keys, Seen seen) {}

    /// Keys of a load, and what to do when the task doesn't need them any more.
    record Seen(SeenKeys keys, Runnable close) {}

    /// What a gate of a task is made with.
    ///
    /// @param tables by the stage's input; they stay their owners'
    /// @param seen gives the keys that a load has seen, by their name
    record Surroundings(
            int partition,
            IntFunction<JoinTable> tables,
            Function<String, Seen> seen,
            Formats formats,
            MemoryAccount account) {}

    GateStep(Operator.Gate gate, Surroundings around) {
        this.gate = gate;
        this.partition = around.partition();
        this.account = around.account();
        this.values = new ValueRules(gate.rules(), around.tables(), account);
        for (int i = 0; i < gate.rules().size(); i++) {
            switch (gate.rules().get(i).test()) {
                case GateRule.Agrees(var function, var parameter) ->
                        functions.add(new Asked(i, new RecordCalls(function, parameter, account)));
                case GateRule.First(var keys, var load) ->
                        uniques.add(
                                new Unique(
                                        i,
                                        Evaluation.all(keys, account),
                                        around.seen().apply(load)));
                case GateRule.Unseen(var keys, var seen) ->
                        uniques.add(
                                new Unique(
                                        i,
                                        Evaluation.all(keys, account),
                                        around.seen().apply(seen)));
                case GateRule.Holds _, GateRule.Known _ -> {}
            }
        }
        this.file =
                gate.quarantine()
                        .map(q -> new QuarantineFile(q, partition, around.formats(), account));
        this.key = new KeyBytes(account);
    }

    /// Says that the gate sees the reader's chunks row by row, as they are read: rows have origins
    /// then, and rows that the reader can't read are bad rows too. Where nothing keeps them the
    /// reader says what it can't read, unless that isn't to be shown.
    ///
    /// @param behind takes what the gate makes while the reader reads
    void standsOn(ChunkReader source, Consumer<Chunk> behind) {
        reader = source;
        boolean asks = keeps() || !gate.hidden().isEmpty();
        source.watch(
                asks
                        ? Optional.of(
                                (origin, column, rule) -> unreadable(origin, column, rule, behind))
                        : Optional.empty());
    }

    private boolean keeps() {
        return gate.quarantine().isPresent() || gate.rejects();
    }

    private void unreadable(RowOrigin row, String column, String rule, Consumer<Chunk> behind) {
        if (!keeps()) {
            if (unread.isEmpty()) unread = Optional.of(unreadFailed(row, column, rule));
            return;
        }
        checked++;
        Optional<RowOrigin> origin = Optional.of(row);
        reject(origin, column, rule, text(origin).orElse(""), behind);
    }

    @Override
    public void accept(Chunk chunk, Consumer<Chunk> out) {
        checkRead();
        checked += chunk.rows();
        var broken = new int[chunk.rows()];
        Arrays.fill(broken, PASSES);
        int bad = told("a rule", () -> values.mark(chunk, broken));
        for (Asked asked : functions)
            bad += told(quoted(asked.rule()), () -> ask(asked, chunk, broken));
        for (Unique unique : uniques)
            bad += told(quoted(unique.rule()), () -> look(unique, chunk, broken));
        passed += chunk.rows();
        if (bad > 0) rejectAll(chunk, broken, out);
        if (gate.rejects() || bad == chunk.rows()) return;
        out.accept(bad == 0 ? chunk.retain() : good(chunk, broken, chunk.rows() - bad));
    }

    private String quoted(int rule) {
        return "the rule '%s'".formatted(gate.rules().get(rule).name());
    }

    /// Asks about rows; what fails at that shows nothing of hidden columns.
    private int told(String asked, IntSupplier question) {
        try {
            return question.getAsInt();
        } catch (RuntimeException e) {
            throw gate.hidden().isEmpty() ? e : HiddenFailure.in(asked + " of the gate", e);
        }
    }

    /// The reader holds memory while it tells of rows, so what it told is thrown here.
    private void checkRead() {
        if (unread.isPresent()) throw unread.get();
    }

    private static int ask(Asked asked, Chunk chunk, int[] broken) {
        int bad = 0;
        for (int i = 0; i < broken.length; i++) {
            if (broken[i] != PASSES || !Boolean.FALSE.equals(asked.calls().call(chunk, i)))
                continue;
            broken[i] = asked.rule();
            bad++;
        }
        asked.calls().passed(chunk.rows());
        return bad;
    }

    /// Looks for keys that a row before this had; rows that are bad already don't count.
    private int look(Unique unique, Chunk chunk, int[] broken) {
        List<Column> columns = Evaluation.columns(unique.keys(), chunk);
        try {
            int bad = 0;
            long base = partition * SeenKeys.POSITIONS + passed;
            for (int i = 0; i < broken.length; i++) {
                if (broken[i] != PASSES || !key.read(columns, i)) continue;
                long position = base + i;
                if (unique.seen().keys().first(key.segment(), 0, key.length(), position)
                        == position) continue;
                broken[i] = unique.rule();
                bad++;
            }
            return bad;
        } finally {
            columns.forEach(Column::close);
        }
    }

    private Chunk good(Chunk chunk, int[] broken, int count) {
        var rows = new int[count];
        int at = 0;
        for (int i = 0; i < broken.length; i++) if (broken[i] == PASSES) rows[at++] = i;
        return ValueRules.take(chunk, rows, account);
    }

    private void rejectAll(Chunk chunk, int[] broken, Consumer<Chunk> out) {
        for (int i = 0; i < broken.length; i++) {
            if (broken[i] == PASSES) continue;
            GateRule rule = gate.rules().get(broken[i]);
            if (rule.test() instanceof GateRule.Unseen(_, var seen)) {
                dropped.merge(seen, 1L, Long::sum);
                continue;
            }
            Optional<RowOrigin> origin = reader == null ? Optional.empty() : reader.origins().of(i);
            if (!keeps()) throw failed(rule, origin, chunk, i);
            reject(origin, rule.column(), rule.name(), rowText(origin, chunk, i), out);
        }
    }

    /// The row as the file has it, or as JSON where the file isn't text or some of it is hidden.
    private String rowText(Optional<RowOrigin> origin, Chunk chunk, int row) {
        return text(origin).orElseGet(() -> RowJson.of(chunk, row, gate.hidden()));
    }

    private Optional<String> text(Optional<RowOrigin> origin) {
        return gate.hidden().isEmpty() ? origin.flatMap(RowOrigin::text) : Optional.empty();
    }

    private void reject(
            Optional<RowOrigin> origin,
            String column,
            String rule,
            String text,
            Consumer<Chunk> out) {
        long bytes = WAITING_ROW_BYTES + 2L * text.length();
        account.reserve(bytes);
        waitingBytes += bytes;
        waiting.add(
                Arrays.asList(
                        origin.map(RowOrigin::source).orElse(null),
                        origin.map(RowOrigin::row).orElse(null),
                        column.isEmpty() ? null : column,
                        rule,
                        text,
                        gate.quarantine().map(Quarantine::run).orElse("")));
        if (waiting.size() >= WAITING_ROWS_MAX || waitingBytes >= WAITING_BYTES_MAX) flush(out);
    }

    private void flush(Consumer<Chunk> out) {
        if (waiting.isEmpty()) return;
        account.checkpoint();
        file.ifPresent(part -> part.add(waiting, checked));
        if (gate.rejects()) out.accept(ColumnBuilder.chunk(Quarantine.SCHEMA, account, waiting));
        waiting.clear();
        account.release(waitingBytes);
        waitingBytes = 0;
    }

    @Override
    public void finish(Consumer<Chunk> out) {
        checkRead();
        flush(out);
    }

    /// Completes what it kept, and counts what it left out; after [#finish].
    List<FileNote> notes() {
        var notes = new ArrayList<FileNote>();
        file.ifPresent(part -> notes.addAll(part.finish(checked)));
        dropped.forEach((seen, rows) ->
                notes.add(new FileNote(seen, "", rows, 0, FileNote.DROPPED, checked)));
        return notes;
    }

    private GateFailed failed(GateRule rule, Optional<RowOrigin> origin, Chunk chunk, int row) {
        var where = new ArrayList<String>();
        origin.ifPresent(o -> where.add(place(o)));
        where.add("row: " + rowText(origin, chunk, row));
        return new GateFailed(
                "a row breaks the gate's rule '%s'%s"
                        .formatted(rule.name(), found(rule, chunk, row)),
                where,
                "mend the row, change the rule, or keep bad rows apart: quarantine(\"out/bad/\")");
    }

    private static GateFailed unreadFailed(RowOrigin origin, String column, String rule) {
        String where = column.isEmpty() ? "" : ": its '%s' isn't shown here".formatted(column);
        return new GateFailed(
                "a row can't be read, which breaks the gate's rule '%s'%s".formatted(rule, where),
                List.of(place(origin)),
                "mend the row, declare another type, or keep bad rows apart:"
                        + " quarantine(\"out/bad/\")");
    }

    private static String place(RowOrigin origin) {
        String number = origin.text().isPresent() ? "line" : "row";
        return "file: %s, %s %d".formatted(origin.source(), number, origin.row());
    }

    /// `: dep_time is null`.
    private String found(GateRule rule, Chunk chunk, int row) {
        Schema schema = chunk.schema();
        if (!schema.has(rule.column()) || gate.hidden().contains(rule.column())) return "";
        Object value = ColumnValues.get(chunk.column(rule.column()), row);
        return ": %s is %s"
                .formatted(rule.column(), value instanceof String s ? "'" + s + "'" : value);
    }

    @Override
    public void close() {
        values.close();
        uniques.forEach(unique -> {
            unique.keys().forEach(Evaluation::close);
            unique.seen().close().run();
        });
        key.close();
        file.ifPresent(QuarantineFile::close);
    }
}
