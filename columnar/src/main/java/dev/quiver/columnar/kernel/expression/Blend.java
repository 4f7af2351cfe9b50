package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.DictionaryValues;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.FixedValues;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes one column of pieces of several.
final class Blend {
    private Blend() {}

    /// What some of the rows take.
    ///
    /// @param rows no row is in two pieces
    record Piece(Operand operand, Mask rows) {}

    /// A row in no piece is null. The caller owns the result and still the pieces.
    ///
    /// @param dictionary for text that comes from several
    static Column of(List<Piece> pieces, DataType type, Input in, Supplier<Dictionary> dictionary) {
        if (pieces.isEmpty()) return Constants.column(null, type, in);
        if (pieces.size() == 1) {
            Operand only = pieces.getFirst().operand();
            if (only instanceof Operand.Vector(var column)) return column.retain();
            return Constants.column(((Operand.Constant) only).value(), type, in);
        }
        return switch (type) {
            case DataType.Bool _ -> bools(pieces, in);
            case DataType.Utf8 _ when !allCoded(pieces) -> plain(pieces, in);
            case DataType.Utf8 _, DataType.Categorical _, DataType.Enumeration _ ->
                    coded(pieces, type, in, dictionary.get());
            case DataType.Binary _, DataType.ListOf _, DataType.Struct _ ->
                    oneByOne(pieces, type, in);
            default -> fixed(pieces, type, in);
        };
    }

    /// Where there is a value: bits of the pieces that hold one; null when all do.
    private static @Nullable Buffer validity(List<Piece> pieces, Input in) {
        Buffer bits = in.account().allocateZeroed(Validity.bytes(in.rows()));
        for (Piece piece : pieces) {
            var truth = new TruthBits(piece.operand());
            for (int i = 0; i < in.words(); i++)
                add(bits.segment(), i, piece.rows().word(i, in.rows()) & truth.valid(i));
        }
        if (Validity.countOnes(bits.segment(), in.rows()) < in.rows()) return bits;
        bits.close();
        return null;
    }

    private static void add(MemorySegment bits, int word, long more) {
        long at = (long) word << 3;
        bits.set(Layouts.LONG, at, bits.get(Layouts.LONG, at) | more);
    }

    private static Column bools(List<Piece> pieces, Input in) {
        Buffer validity = validity(pieces, in);
        Buffer values = values(Validity.bytes(in.rows()), validity, in);
        for (Piece piece : pieces) {
            var truth = new TruthBits(piece.operand());
            for (int i = 0; i < in.words(); i++)
                add(values.segment(), i, piece.rows().word(i, in.rows()) & truth.value(i));
        }
        return new BoolColumn(in.rows(), values, validity);
    }

    /// A buffer of zeros for the values; `validity` is closed when there is no memory for it.
    private static Buffer values(long bytes, @Nullable Buffer validity, Input in) {
        try {
            return in.account().allocateZeroed(bytes);
        } catch (RuntimeException | Error e) {
            ArithmeticKernels.close(validity);
            throw e;
        }
    }

    private static Column fixed(List<Piece> pieces, DataType type, Input in) {
        int width = FixedColumn.width(type);
        Buffer validity = validity(pieces, in);
        Buffer values = values((long) in.rows() * width, validity, in);
        for (Piece piece : pieces) {
            switch (piece.operand()) {
                case Operand.Constant(var value, _) -> {
                    if (value != null) fill(piece.rows(), type, value, width, values.segment(), in);
                }
                case Operand.Vector vector ->
                        copy(piece.rows(), Physical.values(vector), width, values.segment(), in);
            }
        }
        return new FixedColumn(type, in.rows(), values, validity);
    }

    private static void copy(Mask mask, MemorySegment from, int width, MemorySegment to, Input in) {
        for (int i = 0; i < in.words(); i++) {
            long word = mask.word(i, in.rows());
            int base = i << 6;
            if (word == -1L) {
                long at = (long) base * width;
                MemorySegment.copy(from, at, to, at, 64L * width);
                continue;
            }
            for (; word != 0; word &= word - 1) {
                long row = (long) base + Long.numberOfTrailingZeros(word);
                switch (width) {
                    case 4 -> to.set(Layouts.INT, row << 2, from.get(Layouts.INT, row << 2));
                    case 8 -> to.set(Layouts.LONG, row << 3, from.get(Layouts.LONG, row << 3));
                    default -> MemorySegment.copy(from, row * width, to, row * width, width);
                }
            }
        }
    }

    private static void fill(
            Mask mask, DataType type, Object value, int width, MemorySegment to, Input in) {
        long bits = width == 16 ? 0 : Physical.bits(type, value);
        for (int i = 0; i < in.words(); i++) {
            int base = i << 6;
            for (long word = mask.word(i, in.rows()); word != 0; word &= word - 1) {
                int row = base + Long.numberOfTrailingZeros(word);
                switch (width) {
                    case 4 -> to.set(Layouts.INT, (long) row << 2, (int) bits);
                    case 8 -> to.set(Layouts.LONG, (long) row << 3, bits);
                    default -> FixedValues.set(type, to, row, value);
                }
            }
        }
    }

    private static boolean allCoded(List<Piece> pieces) {
        for (Piece piece : pieces) {
            if (piece.operand() instanceof Operand.Vector(var column)
                    && !(column instanceof DictionaryColumn)) return false;
        }
        return true;
    }

    private static Column plain(List<Piece> pieces, Input in) {
        int[] sources = sources(pieces, in);
        var views = new ArrayList<@Nullable TextView>();
        var constants = new ArrayList<byte[]>();
        for (Piece piece : pieces) {
            boolean constant = piece.operand() instanceof Operand.Constant;
            boolean empty =
                    piece.operand() instanceof Operand.Constant(var value, _) && value == null;
            views.add(constant ? null : TextView.of(piece.operand()));
            constants.add(constant && !empty ? TextComparison.bytes(piece.operand()) : new byte[0]);
        }
        Buffer validity = validity(pieces, in);
        try (var builder = new TextBuilder(in, in.rows() * 16L)) {
            for (int row = 0; row < in.rows(); row++) {
                if (sources[row] >= 0 && Validity.isValid(validity, row)) {
                    TextView view = views.get(sources[row]);
                    if (view == null) {
                        builder.append(constants.get(sources[row]));
                    } else {
                        int start = view.start(row);
                        builder.append(view.data(), start, view.end(row) - start);
                    }
                }
                builder.endRow();
            }
            return builder.build(validity);
        } catch (RuntimeException | Error e) {
            if (validity != null) validity.close();
            throw e;
        }
    }

    /// The piece of each row, or −1.
    private static int[] sources(List<Piece> pieces, Input in) {
        var sources = new int[in.rows()];
        Arrays.fill(sources, -1);
        for (int piece = 0; piece < pieces.size(); piece++) {
            for (int i = 0; i < in.words(); i++) {
                int base = i << 6;
                long word = pieces.get(piece).rows().word(i, in.rows());
                for (; word != 0; word &= word - 1)
                    sources[base + Long.numberOfTrailingZeros(word)] = piece;
            }
        }
        return sources;
    }

    private static Column coded(
            List<Piece> pieces, DataType type, Input in, Dictionary dictionary) {
        Buffer validity = validity(pieces, in);
        Buffer codes = values(in.rows() * 4L, validity, in);
        try {
            fill(pieces, in, dictionary, codes.segment());
            return new DictionaryColumn(
                    type, in.rows(), codes, dictionary, dictionary.pin(), validity);
        } catch (RuntimeException | Error e) {
            codes.close();
            ArithmeticKernels.close(validity);
            throw e;
        }
    }

    private static void fill(
            List<Piece> pieces, Input in, Dictionary dictionary, MemorySegment codes) {
        for (Piece piece : pieces) {
            switch (piece.operand()) {
                case Operand.Constant(var value, _) -> {
                    if (value != null) {
                        int code = dictionary.add((String) value);
                        fill(piece.rows(), DataType.INT32, (long) code, 4, codes, in);
                    }
                }
                case Operand.Vector(var column) ->
                        translate(piece.rows(), (DictionaryColumn) column, dictionary, codes, in);
            }
        }
    }

    private static void translate(
            Mask mask, DictionaryColumn from, Dictionary into, MemorySegment to, Input in) {
        DictionaryValues values = from.values();
        var translated = new int[values.size()];
        for (int i = 0; i < in.words(); i++) {
            int base = i << 6;
            for (long word = mask.word(i, in.rows()); word != 0; word &= word - 1) {
                int row = base + Long.numberOfTrailingZeros(word);
                if (from.isNull(row)) continue;
                int code = from.code(row);
                if (translated[code] == 0) {
                    int start = values.start(code);
                    int length = values.end(code) - start;
                    translated[code] =
                            into.add(values.data(), start, length, values.hash(code)) + 1;
                }
                to.set(Layouts.INT, (long) row << 2, translated[code] - 1);
            }
        }
    }

    private static Column oneByOne(List<Piece> pieces, DataType type, Input in) {
        var values = new ArrayList<@Nullable Object>(in.rows());
        for (int row = 0; row < in.rows(); row++) {
            Object value = null;
            for (Piece piece : pieces) {
                if (piece.rows().get(row)) value = piece.operand().get(row);
            }
            values.add(value);
        }
        return Constants.column(values, type, in.account());
    }
}
