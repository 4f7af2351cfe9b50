package dev.quiver.io.parquet;

import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.DictionaryValues;
import dev.quiver.columnar.memory.MemoryAccount;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The distinct texts of one column of a row group, each with a code: `0, 1, 2 …` in the order of
/// arrival.
///
/// Columns that come with a dictionary have distinct texts already: as long as all are of one,
/// their codes are translated without a look at the texts. Others are told apart by their bytes.
final class GroupDictionary implements AutoCloseable {
    static final int UNKNOWN = -1;

    /// Values and bytes that it holds at most.
    static final int SIZE_MAX = 1 << 18;

    private static final int BYTES_MAX = 8 << 20;
    private static final int SIZE_FIRST = 64;

    private final MemoryAccount account;
    private int size;
    private long bytes;

    /// Of the column that came last: its dictionary, its values, and the code here of each of them.
    private @Nullable Dictionary source;

    private @Nullable DictionaryValues sourceValues;
    private int[] translation = {};

    /// The source's codes in the order of arrival, while all values are of one source.
    private int[] arrivals = new int[SIZE_FIRST];

    /// All values, once they are of several sources or of none.
    private @Nullable Dictionary own;

    private @Nullable DictionaryValues ownValues;

    GroupDictionary(MemoryAccount account) {
        this.account = account;
    }

    int size() {
        return size;
    }

    /// How many values the dictionary has that the last column came with; 0 for none.
    int sourceSize() {
        return sourceValues == null ? 0 : sourceValues.size();
    }

    /// All values, each at its [#place]; valid until the next one is added.
    DictionaryValues values() {
        Dictionary all = own;
        if (all != null && (ownValues == null || ownValues.size() < size)) {
            closeOwnValues();
            ownValues = all.pin();
        }
        DictionaryValues values = all == null ? sourceValues : ownValues;
        if (values == null) throw new IllegalStateException("no values");
        return values;
    }

    /// Where [#values] has the value of a code.
    int place(int code) {
        return own == null ? arrivals[code] : code;
    }

    /// Turns to the codes of a column; what came before is kept.
    ///
    /// @return the code here of each of the column's codes, or [#UNKNOWN], which [#addOf] makes
    ///   known
    int[] translationFrom(DictionaryColumn column) {
        if (source != column.dictionary()) {
            if (source != null) makeOwn();
            closeSource();
            source = column.dictionary();
            translation = new int[0];
        }
        DictionaryValues values = column.values();
        if (sourceValues == null || sourceValues.size() < values.size()) {
            closeSource();
            sourceValues = values.retain();
        }
        int old = translation.length;
        if (old < values.size()) {
            translation = Arrays.copyOf(translation, Math.max(values.size(), old * 2));
            Arrays.fill(translation, old, translation.length, UNKNOWN);
        }
        return translation;
    }

    /// The code of a value of the column that [#translationFrom] turned to.
    ///
    /// @return [#UNKNOWN] when there is no room for it
    int addOf(DictionaryColumn column, int code) {
        DictionaryValues values = column.values();
        int start = values.start(code);
        int length = values.end(code) - start;
        int added;
        if (own != null) {
            added = add(values.data(), start, length, values.hash(code));
        } else {
            if (isFull(length)) return UNKNOWN;
            if (size == arrivals.length) arrivals = Arrays.copyOf(arrivals, size * 2);
            arrivals[size] = code;
            added = size++;
            bytes += length;
        }
        if (added != UNKNOWN) translation[code] = added;
        return added;
    }

    private boolean isFull(int length) {
        return size >= SIZE_MAX || bytes + length > BYTES_MAX;
    }

    /// The code of a text, as [Dictionary#add].
    ///
    /// @return [#UNKNOWN] when there is no room for it
    int add(MemorySegment data, long start, int length, long hash) {
        if (isFull(length)) return UNKNOWN;
        Dictionary all = makeOwn();
        int code = all.add(data, start, length, hash);
        if (code == size) {
            size++;
            bytes += length;
        }
        return code;
    }

    private Dictionary makeOwn() {
        Dictionary made = own;
        if (made != null) return made;
        made = new Dictionary(account);
        DictionaryValues values = sourceValues;
        for (int i = 0; i < size && values != null; i++) {
            int code = arrivals[i];
            int start = values.start(code);
            made.add(values.data(), start, values.end(code) - start, values.hash(code));
        }
        own = made;
        return made;
    }

    private void closeOwnValues() {
        if (ownValues != null) ownValues.close();
        ownValues = null;
    }

    private void closeSource() {
        if (sourceValues != null) sourceValues.close();
        sourceValues = null;
    }

    @Override
    public void close() {
        closeSource();
        closeOwnValues();
        if (own != null) own.close();
        own = null;
    }
}
