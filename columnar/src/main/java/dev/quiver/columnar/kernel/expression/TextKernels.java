package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Function;
import dev.quiver.expression.Texts;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Loops over the bytes of plain texts. Encoded columns are left to the memo, which calls a
/// function once an entry.
final class TextKernels {
    private static final long HIGH_BITS = 0x8080808080808080L;

    private TextKernels() {}

    static CallNode.Kernel of(Expression.Call call, List<DataType> types) {
        return switch (call.function()) {
            case LENGTH -> plain(TextKernels::lengths);
            case CONTAINS, STARTS_WITH, ENDS_WITH -> plain(search(call.function()));
            case LOWER -> plain((node, operands, in, mask) -> letters(true, operands, in, mask));
            case UPPER -> plain((node, operands, in, mask) -> letters(false, operands, in, mask));
            case SUBSTRING -> plain(TextKernels::substrings);
            case CONCAT -> TextKernels::concat;
            default -> CallNode.Kernel.NONE;
        };
    }

    /// The kernel for a plain first operand and constants behind it.
    private static CallNode.Kernel plain(CallNode.Kernel kernel) {
        return (node, operands, in, mask) -> {
            for (int i = 0; i < operands.size(); i++) {
                boolean constant = Physical.isConstant(operands.get(i));
                if (constant != (i > 0)) return null;
            }
            boolean coded = operands.getFirst() instanceof Operand.Vector(DictionaryColumn _);
            return coded ? null : kernel.run(node, operands, in, mask);
        };
    }

    private static Column lengths(CallNode node, List<Operand> operands, Input in, Mask mask) {
        TextView texts = TextView.of(operands.getFirst());
        return ArithmeticKernels.fixed(
                node,
                operands,
                in,
                mask,
                (to, rows) -> {
                    for (int i = 0; i < rows; i++) {
                        long count = codePoints(texts.data(), texts.start(i), texts.end(i));
                        to.set(Layouts.LONG, (long) i << 3, count);
                    }
                    return 0;
                });
    }

    /// The bytes that don't continue a character.
    private static long codePoints(MemorySegment data, int start, int end) {
        long count = 0;
        for (int at = start; at < end; at++)
            count += (data.get(Layouts.BYTE, at) & 0xC0) == 0x80 ? 0 : 1;
        return count;
    }

    private static CallNode.Kernel search(Function function) {
        return (_, operands, in, _) -> {
            byte[] wanted = TextComparison.bytes(operands.get(1));
            TextView texts = TextView.of(operands.getFirst());
            return ArithmeticKernels.bits(
                    operands, in, (to, rows) -> search(function, texts, wanted, to, rows));
        };
    }

    private static long search(
            Function function, TextView texts, byte[] wanted, MemorySegment to, int rows) {
        MemorySegment data = texts.data();
        for (int base = 0; base < rows; base += 64) {
            long word = 0;
            int count = Math.min(64, rows - base);
            for (int i = 0; i < count; i++) {
                int start = texts.start(base + i);
                int last = texts.end(base + i) - wanted.length;
                boolean found =
                        last >= start
                                && switch (function) {
                                    case STARTS_WITH -> at(data, start, wanted);
                                    case ENDS_WITH -> at(data, last, wanted);
                                    default -> within(data, start, last, wanted);
                                };
                word |= (found ? 1L : 0L) << i;
            }
            to.set(Layouts.LONG, base >> 3, word);
        }
        return 0;
    }

    private static boolean at(MemorySegment data, int start, byte[] wanted) {
        for (int i = 0; i < wanted.length; i++) {
            if (data.get(Layouts.BYTE, start + (long) i) != wanted[i]) return false;
        }
        return true;
    }

    private static boolean within(MemorySegment data, int start, int last, byte[] wanted) {
        for (int from = start; from <= last; from++) {
            if (at(data, from, wanted)) return true;
        }
        return false;
    }

    private static Column letters(boolean lower, List<Operand> operands, Input in, Mask mask) {
        TextView texts = TextView.of(operands.getFirst());
        return build(
                operands,
                in,
                mask,
                texts,
                (to, row) -> {
                    int start = texts.start(row);
                    int length = texts.end(row) - start;
                    if (!ascii(texts.data(), start, length)) {
                        String text = string(texts, row);
                        to.append(
                                lower
                                        ? text.toLowerCase(Locale.ROOT)
                                        : text.toUpperCase(Locale.ROOT));
                        return;
                    }
                    MemorySegment room = to.room(length);
                    letters(lower, texts.data(), start, length, room, to.end());
                    to.advance(length);
                });
    }

    private static void letters(
            boolean lower, MemorySegment from, int start, int length, MemorySegment to, long at) {
        int first = lower ? 'A' : 'a';
        for (int i = 0; i < length; i++) {
            byte letter = from.get(Layouts.BYTE, start + (long) i);
            boolean change = letter >= first && letter < first + 26;
            to.set(Layouts.BYTE, at + i, (byte) (change ? letter ^ 0x20 : letter));
        }
    }

    private static boolean ascii(MemorySegment data, int start, int length) {
        int at = 0;
        for (; at + 8 <= length; at += 8) {
            if ((data.get(Layouts.LONG, start + (long) at) & HIGH_BITS) != 0) return false;
        }
        // A word of bytes behind the last text is readable.
        long rest = length == at ? 0 : (1L << ((length - at) << 3)) - 1;
        return (data.get(Layouts.LONG, start + (long) at) & HIGH_BITS & rest) == 0;
    }

    private static String string(TextView texts, int row) {
        int start = texts.start(row);
        byte[] bytes =
                texts.data()
                        .asSlice(start, texts.end(row) - (long) start)
                        .toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Column substrings(CallNode node, List<Operand> operands, Input in, Mask mask) {
        TextView texts = TextView.of(operands.getFirst());
        long from = Physical.longOf(operands.get(1));
        long count = operands.size() > 2 ? Physical.longOf(operands.get(2)) : Long.MAX_VALUE;
        return build(
                operands,
                in,
                mask,
                texts,
                (to, row) -> {
                    MemorySegment data = texts.data();
                    int start = texts.start(row);
                    int end = texts.end(row);
                    int[] range = Texts.range(codePoints(data, start, end), from, count);
                    int first = skip(data, start, end, range[0]);
                    int last = skip(data, first, end, range[1] - range[0]);
                    to.append(data, first, last - first);
                });
    }

    /// The byte that begins the character `count` further on.
    private static int skip(MemorySegment data, int start, int end, int count) {
        int at = start;
        for (int i = 0; i < count; i++) {
            at++;
            while (at < end && (data.get(Layouts.BYTE, at) & 0xC0) == 0x80) at++;
        }
        return at;
    }

    /// What a row's text becomes.
    @FunctionalInterface
    private interface RowText {
        void write(TextBuilder to, int row);
    }

    private static Column build(
            List<Operand> operands, Input in, Mask mask, TextView texts, RowText rowText) {
        long expected = in.rows() == 0 ? 0 : (long) texts.end(in.rows() - 1) - texts.start(0);
        return build(in, Math.max(0, expected), mask, NullBits.all(operands, in), rowText);
    }

    private static Column build(
            Input in, long expected, Mask mask, @Nullable Buffer validity, RowText rowText) {
        try (var builder = new TextBuilder(in, expected)) {
            for (int row = 0; row < in.rows(); row++) {
                if (mask.get(row) && Validity.isValid(validity, row)) rowText.write(builder, row);
                builder.endRow();
            }
            return builder.build(validity);
        } catch (RuntimeException | Error e) {
            if (validity != null) validity.close();
            throw e;
        }
    }

    /// Nulls count as empty.
    private static Column concat(CallNode node, List<Operand> operands, Input in, Mask mask) {
        var views = new @Nullable TextView[operands.size()];
        var constants = new byte[operands.size()][];
        for (int i = 0; i < views.length; i++) {
            if (Physical.isConstant(operands.get(i)))
                constants[i] = TextComparison.bytes(operands.get(i));
            else views[i] = TextView.of(operands.get(i));
        }
        return build(
                in,
                in.rows() * 16L,
                mask,
                null,
                (to, row) -> {
                    for (int i = 0; i < views.length; i++) {
                        TextView view = views[i];
                        if (view == null) {
                            to.append(constants[i]);
                        } else if (!((Operand.Vector) operands.get(i)).column().isNull(row)) {
                            int start = view.start(row);
                            to.append(view.data(), start, view.end(row) - start);
                        }
                    }
                });
    }
}
