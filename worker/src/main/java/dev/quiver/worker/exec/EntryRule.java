package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.DictionaryValues;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.kernel.expression.Selection;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Function;
import dev.quiver.expression.Traversal;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A condition about a column of text, asked once for each entry of its dictionary: while all
/// entries fulfil it, no row needs to be looked at.
final class EntryRule implements QuickRule {
    /// Functions of text that can't fail.
    private static final Set<Function> SAFE =
            EnumSet.of(
                    Function.EQUAL,
                    Function.NOT_EQUAL,
                    Function.LESS,
                    Function.LESS_EQUAL,
                    Function.GREATER,
                    Function.GREATER_EQUAL,
                    Function.AND,
                    Function.OR,
                    Function.NOT,
                    Function.IS_NULL,
                    Function.IS_NOT_NULL,
                    Function.LOWER,
                    Function.UPPER,
                    Function.TRIM,
                    Function.LENGTH,
                    Function.CONTAINS,
                    Function.STARTS_WITH,
                    Function.ENDS_WITH,
                    Function.MATCHES);

    /// Of larger dictionaries a task may see few entries; rows are asked then.
    private static final int ENTRIES_MAX = 1 << 18;

    private final String column;
    private final Schema schema;
    private final Evaluation isFalse;
    private final MemoryAccount account;
    private final boolean nullPasses;
    private @Nullable Dictionary asked;
    private boolean[] bad = new boolean[0];
    private int known;
    private boolean anyBad;

    EntryRule(String column, Expression condition, MemoryAccount account) {
        this.column = column;
        this.schema = Schema.of(Field.of(column, DataType.UTF8));
        this.isFalse =
                new Evaluation(new Expression.Call(Function.NOT, List.of(condition)), account);
        this.account = account;
        List<List<@Nullable Object>> row = List.of(Arrays.asList((Object) null));
        try (Chunk none = ColumnBuilder.chunk(schema, account, row)) {
            this.nullPasses = isFalse.select(none).count() == 0;
        }
    }

    static boolean canAsk(Expression condition) {
        return !Traversal.any(
                condition,
                part ->
                        switch (part) {
                            case Expression.Column _, Expression.Literal _, Expression.In _ ->
                                    false;
                            case Expression.Call(var function, _) -> !SAFE.contains(function);
                            case Expression.Cast _,
                                    Expression.Case _,
                                    Expression.Aggregate _,
                                    Expression.UserCall _ ->
                                    true;
                        });
    }

    @Override
    public boolean passes(Chunk chunk) {
        Column texts = chunk.column(column);
        if (!nullPasses && texts.nullCount() > 0) return false;
        boolean few =
                texts instanceof DictionaryColumn coded && coded.values().size() <= ENTRIES_MAX;
        if (!few) return isFalse.select(chunk).count() == 0;
        var coded = (DictionaryColumn) texts;
        learn(coded);
        return !anyBad || rowsPass(coded);
    }

    @SuppressWarnings("ReferenceEquality") // a dictionary only grows; another one is another one
    private void learn(DictionaryColumn coded) {
        if (coded.dictionary() != asked) {
            asked = coded.dictionary();
            known = 0;
            anyBad = false;
        }
        int size = coded.values().size();
        if (size <= known) return;
        if (bad.length < size) bad = Arrays.copyOf(bad, Math.max(size, bad.length * 2));
        try (Chunk entries = entries(coded.values(), known, size)) {
            Selection some = isFalse.select(entries);
            anyBad |= some.count() > 0;
            for (int i = 0; i < size - known; i++) bad[known + i] = some.has(i);
        }
        known = size;
    }

    /// Entries `[from, to)` as plain text.
    private Chunk entries(DictionaryValues values, int from, int to) {
        int rows = to - from;
        int start = values.start(from);
        int bytes = values.end(to - 1) - start;
        Buffer offsets = account.allocate((rows + 1) * 4L);
        try {
            Buffer data = account.allocate(bytes + (long) VariableColumn.PADDING_BYTES);
            MemorySegment.copy(values.data(), start, data.segment(), 0, bytes);
            for (int i = 0; i < rows; i++)
                offsets.segment().set(Layouts.INT, i * 4L, values.start(from + i) - start);
            offsets.segment().set(Layouts.INT, rows * 4L, bytes);
            var texts = new VariableColumn(DataType.UTF8, rows, offsets, data, null);
            return new Chunk(schema, List.of(texts), rows);
        } catch (RuntimeException | Error e) {
            offsets.close();
            throw e;
        }
    }

    private boolean rowsPass(DictionaryColumn coded) {
        boolean nulls = coded.nullCount() > 0;
        for (int row = 0; row < coded.rows(); row++)
            if (bad[coded.code(row)] && !(nulls && coded.isNull(row))) return false;
        return true;
    }

    @Override
    public void close() {
        isFalse.close();
    }
}
