package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.DictionaryValues;
import dev.quiver.columnar.Hashing;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The code that a text has in the dictionaries of the columns that come by.
///
/// Looks through the values that a column pins, each once: the dictionary itself may be closed, by
/// the evaluator that made it.
final class ConstantCode {
    private byte[] text = {};
    private long hash;
    private @Nullable Dictionary dictionary;
    private int scanned;
    private int code = -1;

    /// The code, or −1, which no row has.
    int of(byte[] wanted, DictionaryColumn column) {
        if (!Arrays.equals(wanted, text)) dictionary = null;
        if (column.dictionary() != dictionary) {
            text = wanted;
            byte[] padded = Arrays.copyOf(wanted, wanted.length + VariableColumn.PADDING_BYTES);
            hash = Hashing.bytes(MemorySegment.ofArray(padded), 0, wanted.length);
            dictionary = column.dictionary();
            scanned = 0;
            code = -1;
        }
        DictionaryValues values = column.values();
        for (; code < 0 && scanned < values.size(); scanned++) {
            if (values.hash(scanned) == hash && isAt(values, scanned)) code = scanned;
        }
        return code;
    }

    private boolean isAt(DictionaryValues values, int entry) {
        int start = values.start(entry);
        if (values.end(entry) - start != text.length) return false;
        for (int i = 0; i < text.length; i++) {
            if (values.data().get(Layouts.BYTE, start + (long) i) != text[i]) return false;
        }
        return true;
    }
}
