package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.Hashing;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// The rank of each text of a column among its distinct values: by UTF-8 bytes, for enumerations by
/// the declared order. Ranks mean nothing outside the column.
final class TextRanks {
    private TextRanks() {}

    /// Writes each row's rank, int64; undefined for nulls.
    static void write(
            Column column, MemorySegment to, MemoryAccount account, Checkpoint checkpoint) {
        try (var distinct = new TextTable(account)) {
            int rows = column.rows();
            var ids = new int[rows];
            switch (column) {
                case DictionaryColumn coded -> number(coded, distinct, ids);
                case VariableColumn plain -> number(plain, distinct, ids);
                case Column other ->
                        throw new QuiverException(
                                ErrorCode.UNSUPPORTED,
                                "an order by a column of type %s".formatted(other.type()),
                                List.of(),
                                "sort by columns of simple types");
            }
            int[] ranks =
                    column.type() instanceof DataType.Enumeration(var categories)
                            ? declared(distinct, categories)
                            : ranks(distinct, account, checkpoint);
            for (int i = 0; i < rows; i++)
                to.set(Layouts.LONG, i * 8L, ids[i] < 0 ? 0 : ranks[ids[i]]);
        }
    }

    private static void number(DictionaryColumn column, TextTable distinct, int[] ids) {
        var values = column.values();
        var idOfCode = new int[values.size()];
        Arrays.fill(idOfCode, -1);
        for (int i = 0; i < ids.length; i++) {
            if (column.isNull(i)) {
                ids[i] = -1;
                continue;
            }
            int code = column.code(i);
            if (idOfCode[code] < 0) {
                int start = values.start(code);
                int length = values.end(code) - start;
                idOfCode[code] = distinct.add(values.data(), start, length, values.hash(code));
            }
            ids[i] = idOfCode[code];
        }
    }

    private static void number(VariableColumn column, TextTable distinct, int[] ids) {
        MemorySegment data = column.data();
        for (int i = 0; i < ids.length; i++) {
            if (column.isNull(i)) {
                ids[i] = -1;
                continue;
            }
            int start = column.start(i);
            int length = column.end(i) - start;
            ids[i] = distinct.add(data, start, length, Hashing.bytes(data, start, length));
        }
    }

    private static int[] declared(TextTable distinct, List<String> categories) {
        var ranks = new int[distinct.size()];
        for (int id = 0; id < ranks.length; id++) {
            byte[] bytes =
                    distinct.data()
                            .asSlice(distinct.start(id), distinct.length(id))
                            .toArray(Layouts.BYTE);
            ranks[id] = categories.indexOf(new String(bytes, StandardCharsets.UTF_8));
        }
        return ranks;
    }

    /// Sorts by the first eight bytes, then the few that have them in common by all.
    private static int[] ranks(TextTable distinct, MemoryAccount account, Checkpoint checkpoint) {
        int size = distinct.size();
        var ranks = new int[size];
        try (Buffer prefixes = account.allocate(size * 8L);
                var sort = new RadixSort(size, account, checkpoint)) {
            MemorySegment words = prefixes.segment();
            for (int id = 0; id < size; id++)
                words.set(Layouts.LONG, id * 8L, prefix(distinct, id));
            sort.by(words);
            try (Buffer order = sort.takeOrder()) {
                int from = 0;
                while (from < size) {
                    long prefix = word(words, order, from);
                    int to = from + 1;
                    while (to < size && word(words, order, to) == prefix) to++;
                    if (to - from > 1) sortRun(distinct, order, from, to, checkpoint);
                    for (int rank = from; rank < to; rank++)
                        ranks[order.segment().get(Layouts.INT, rank * 4L)] = rank;
                    from = to;
                }
            }
        }
        return ranks;
    }

    private static long word(MemorySegment words, Buffer order, int place) {
        return words.get(Layouts.LONG, order.segment().get(Layouts.INT, place * 4L) * 8L);
    }

    private static void sortRun(
            TextTable distinct, Buffer order, int from, int to, Checkpoint checkpoint) {
        var run = new Integer[to - from];
        for (int i = 0; i < run.length; i++)
            run[i] = order.segment().get(Layouts.INT, (from + i) * 4L);
        int[] comparisons = {0};
        Arrays.sort(
                run,
                (a, b) -> {
                    if ((++comparisons[0] & 0xFFFF) == 0) checkpoint.check();
                    return compare(distinct, a, b);
                });
        for (int i = 0; i < run.length; i++)
            order.segment().set(Layouts.INT, (from + i) * 4L, run[i]);
    }

    private static long prefix(TextTable distinct, int id) {
        int length = distinct.length(id);
        if (length == 0) return 0;
        long word = Long.reverseBytes(distinct.data().get(Layouts.LONG, distinct.start(id)));
        return length >= 8 ? word : word & (-1L << ((8 - length) << 3));
    }

    private static int compare(TextTable distinct, int a, int b) {
        return Texts.compare(
                distinct.data(),
                distinct.start(a),
                distinct.length(a),
                distinct.data(),
                distinct.start(b),
                distinct.length(b));
    }
}
