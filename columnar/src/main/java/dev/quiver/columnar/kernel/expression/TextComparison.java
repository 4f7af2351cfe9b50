package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// Compares texts by their bytes, 64 to a word of bits.
final class TextComparison {
    private TextComparison() {}

    static void run(Operand a, Operand b, boolean equal, long flip, MemorySegment to, int rows) {
        if (Physical.isConstant(a)) {
            byte[] constant = bytes(a);
            if (equal) equal(TextView.of(b), constant, flip, to, rows);
            else less(TextView.of(b), constant, false, flip, to, rows);
        } else if (Physical.isConstant(b)) {
            byte[] constant = bytes(b);
            if (equal) equal(TextView.of(a), constant, flip, to, rows);
            else less(TextView.of(a), constant, true, flip, to, rows);
        } else {
            columns(TextView.of(a), TextView.of(b), equal, flip, to, rows);
        }
    }

    static byte[] bytes(Operand constant) {
        return ((String) ComparisonKernels.constantOf(constant)).getBytes(StandardCharsets.UTF_8);
    }

    private static void equal(
            TextView texts, byte[] constant, long flip, MemorySegment to, int rows) {
        MemorySegment data = texts.data();
        var wanted = new Utf8Bytes.Pattern(constant);
        for (int base = 0; base < rows; base += 64) {
            long word = 0;
            int count = Math.min(64, rows - base);
            for (int i = 0; i < count; i++) {
                int start = texts.start(base + i);
                if (texts.end(base + i) - start != constant.length) continue;
                if (wanted.isAt(data, start)) word |= 1L << i;
            }
            to.set(Layouts.LONG, base >> 3, word ^ flip);
        }
    }

    /// @param textLess whether the text is to be less than the constant, else the other way round
    private static void less(
            TextView texts,
            byte[] constant,
            boolean textLess,
            long flip,
            MemorySegment to,
            int rows) {
        MemorySegment data = texts.data();
        for (int base = 0; base < rows; base += 64) {
            long word = 0;
            int count = Math.min(64, rows - base);
            for (int i = 0; i < count; i++) {
                int start = texts.start(base + i);
                int order = compare(data, start, texts.end(base + i) - start, constant);
                if (textLess ? order < 0 : order > 0) word |= 1L << i;
            }
            to.set(Layouts.LONG, base >> 3, word ^ flip);
        }
    }

    private static int compare(MemorySegment data, int start, int length, byte[] text) {
        int shared = Math.min(length, text.length);
        for (int i = 0; i < shared; i++) {
            int order = Byte.compareUnsigned(data.get(Layouts.BYTE, start + (long) i), text[i]);
            if (order != 0) return order;
        }
        return Integer.compare(length, text.length);
    }

    private static void columns(
            TextView a, TextView b, boolean equal, long flip, MemorySegment to, int rows) {
        for (int base = 0; base < rows; base += 64) {
            long word = 0;
            int count = Math.min(64, rows - base);
            for (int i = 0; i < count; i++) {
                int order = compare(a, b, base + i);
                if (equal ? order == 0 : order < 0) word |= 1L << i;
            }
            to.set(Layouts.LONG, base >> 3, word ^ flip);
        }
    }

    private static int compare(TextView a, TextView b, int row) {
        int startA = a.start(row);
        int startB = b.start(row);
        int endA = a.end(row);
        int endB = b.end(row);
        long at = MemorySegment.mismatch(a.data(), startA, endA, b.data(), startB, endB);
        if (at < 0) return 0;
        if (at >= Math.min(endA - startA, endB - startB))
            return Integer.compare(endA - startA, endB - startB);
        return Byte.compareUnsigned(
                a.data().get(Layouts.BYTE, startA + at), b.data().get(Layouts.BYTE, startB + at));
    }
}
