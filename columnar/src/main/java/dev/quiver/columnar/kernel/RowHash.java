package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.DictionaryValues;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.Hashing;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.util.List;

/// The hashes of rows by their key values: equal rows hash alike whatever their encoding, in every
/// process.
public final class RowHash {
    private long[] next = new long[0];

    /// Writes the hash of each row's keys into `to`.
    ///
    /// @param keys at least one
    public void into(List<Column> keys, int rows, long[] to) {
        column(keys.getFirst(), rows, to);
        if (next.length < rows) next = new long[rows];
        for (Column key : keys.subList(1, keys.size())) {
            column(key, rows, next);
            for (int i = 0; i < rows; i++) to[i] = Hashing.combine(to[i], next[i]);
        }
    }

    /// The bucket of a hash: 0 … `buckets` − 1, by the high bits.
    public static int bucket(long hash, int buckets) {
        return (int) Math.unsignedMultiplyHigh(hash, buckets);
    }

    private static void column(Column key, int rows, long[] to) {
        switch (key) {
            case DictionaryColumn coded -> {
                DictionaryValues values = coded.values();
                for (int i = 0; i < rows; i++)
                    if (!coded.isNull(i)) to[i] = values.hash(coded.code(i));
            }
            case VariableColumn plain -> {
                for (int i = 0; i < rows; i++) {
                    int start = plain.start(i);
                    to[i] = Hashing.bytes(plain.data(), start, plain.end(i) - start);
                }
            }
            case FixedColumn wide when wide.width() == 16 -> {
                for (int i = 0; i < rows; i++) to[i] = Hashing.bytes(wide.values(), i * 16L, 16);
            }
            case Column other when Longs.fits(other.type()) -> {
                Longs.read(other, 0, rows, to);
                if (Longs.isFloat(other.type())) Longs.canonicalize(to, rows);
                for (int i = 0; i < rows; i++) to[i] = Hashing.number(to[i]);
            }
            case Column other ->
                    throw new QuiverException(
                            ErrorCode.UNSUPPORTED,
                            "a key of type %s".formatted(other.type()),
                            List.of(),
                            "group and join by columns of simple types");
        }
        if (key.nullCount() > 0)
            for (int i = 0; i < rows; i++) if (key.isNull(i)) to[i] = Hashing.NULL;
    }
}
