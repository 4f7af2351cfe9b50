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
    /// Words that are sorted by their digits: 32 bytes.
    private static final int WORDS_MAX = 4;

    /// Texts that are hashed and looked up between two checkpoints.
    private static final int CHECKED_ROWS = 1 << 16;

    private TextRanks() {}

    /// Writes each row's rank, int64; undefined for nulls.
    static void write(Column column, MemorySegment to, MemoryAccount account) {
        try (var distinct = new TextTable(account)) {
            int rows = column.rows();
            var ids = new int[rows];
            switch (column) {
                case DictionaryColumn coded -> number(coded, distinct, ids, account);
                case VariableColumn plain -> number(plain, distinct, ids, account);
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
                            : ranks(distinct, account);
            for (int i = 0; i < rows; i++)
                to.set(Layouts.LONG, i * 8L, ids[i] < 0 ? 0 : ranks[ids[i]]);
        }
    }

    private static void number(
            DictionaryColumn column, TextTable distinct, int[] ids, MemoryAccount account) {
        var values = column.values();
        var idOfCode = new int[values.size()];
        Arrays.fill(idOfCode, -1);
        for (int i = 0; i < ids.length; i++) {
            if (i % CHECKED_ROWS == 0) account.checkpoint();
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

    private static void number(
            VariableColumn column, TextTable distinct, int[] ids, MemoryAccount account) {
        MemorySegment data = column.data();
        for (int i = 0; i < ids.length; i++) {
            if (i % CHECKED_ROWS == 0) account.checkpoint();
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

    /// Sorts by the first words of eight bytes, the last one first, then the few texts that have
    /// all of those in common by what is left.
    private static int[] ranks(TextTable distinct, MemoryAccount account) {
        int size = distinct.size();
        int longest = 0;
        for (int id = 0; id < size; id++) longest = Math.max(longest, distinct.length(id));
        int wordCount = Math.clamp(Math.ceilDiv(longest, 8), 1, WORDS_MAX);
        var ranks = new int[size];
        try (Buffer words = account.allocate(size * 8L);
                var sort = new RadixSort(size, account)) {
            // A text comes before those that it begins and zero bytes go on.
            for (int id = 0; id < size; id++)
                words.segment().set(Layouts.LONG, id * 8L, distinct.length(id));
            sort.by(words.segment());
            for (int w = wordCount - 1; w >= 0; w--) {
                for (int id = 0; id < size; id++)
                    words.segment().set(Layouts.LONG, id * 8L, word(distinct, id, w));
                sort.by(words.segment());
            }
            try (Buffer order = sort.takeOrder()) {
                if (longest > wordCount * 8) sortRuns(distinct, order, account);
                for (int rank = 0; rank < size; rank++)
                    ranks[order.segment().get(Layouts.INT, rank * 4L)] = rank;
            }
        }
        return ranks;
    }

    /// Sorts the texts whose first words are the same.
    private static void sortRuns(TextTable distinct, Buffer order, MemoryAccount account) {
        int size = distinct.size();
        int from = 0;
        while (from < size) {
            int to = from + 1;
            while (to < size && beginAlike(distinct, order, from, to)) to++;
            if (to - from > 1) sortRun(distinct, order, from, to, account);
            from = to;
        }
    }

    private static boolean beginAlike(TextTable distinct, Buffer order, int place, int other) {
        int a = order.segment().get(Layouts.INT, place * 4L);
        int b = order.segment().get(Layouts.INT, other * 4L);
        for (int w = 0; w < WORDS_MAX; w++)
            if (word(distinct, a, w) != word(distinct, b, w)) return false;
        return true;
    }

    private static void sortRun(
            TextTable distinct, Buffer order, int from, int to, MemoryAccount account) {
        var run = new Integer[to - from];
        for (int i = 0; i < run.length; i++)
            run[i] = order.segment().get(Layouts.INT, (from + i) * 4L);
        int[] comparisons = {0};
        Arrays.sort(
                run,
                (a, b) -> {
                    if ((++comparisons[0] & 0xFFFF) == 0) account.checkpoint();
                    return compare(distinct, a, b);
                });
        for (int i = 0; i < run.length; i++)
            order.segment().set(Layouts.INT, (from + i) * 4L, run[i]);
    }

    /// Bytes `[8 w, 8 w + 8)` of a text, the first the most significant; zeros behind its end.
    private static long word(TextTable distinct, int id, int w) {
        int left = distinct.length(id) - 8 * w;
        if (left <= 0) return 0;
        long word =
                Long.reverseBytes(distinct.data().get(Layouts.LONG, distinct.start(id) + 8L * w));
        return left >= 8 ? word : word & (-1L << ((8 - left) << 3));
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
