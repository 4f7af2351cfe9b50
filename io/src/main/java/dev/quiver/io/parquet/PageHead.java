package dev.quiver.io.parquet;

import dev.quiver.columnar.memory.Layouts;
import dev.quiver.io.parquet.kernel.DamagedPage;
import java.lang.foreign.MemorySegment;

/// A page's header, read straight from memory (Thrift's compact protocol): thousands of pages a
/// second need no objects for it.
final class PageHead {
    static final int DATA = 0;
    static final int DICTIONARY = 2;
    static final int DATA_V2 = 3;

    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int DEPTH_MAX = 16;

    /// The header goes on behind the bytes that were given.
    static final class Incomplete extends Exception {
        private static final long serialVersionUID = 1L;

        private Incomplete() {
            super(null, null, false, false);
        }
    }

    int type;
    int uncompressedBytes;
    int compressedBytes;
    boolean hasCrc;
    int crc;
    int values;
    int encoding;
    int definitionEncoding;
    int repetitionEncoding;
    int nulls;
    int definitionBytes;
    int repetitionBytes;
    boolean compressed;

    private MemorySegment data = MemorySegment.NULL;
    private long at;
    private long end;
    private int fieldId;
    private int fieldType;

    /// Reads the header at `from`.
    ///
    /// @return the bytes it takes
    /// @throws Incomplete when it doesn't end before `to`
    /// @throws DamagedPage when it is none
    int read(MemorySegment bytes, long from, long to) throws Incomplete {
        data = bytes;
        at = from;
        end = to;
        type = -1;
        uncompressedBytes = -1;
        compressedBytes = -1;
        hasCrc = false;
        values = -1;
        encoding = -1;
        definitionEncoding = -1;
        repetitionEncoding = -1;
        nulls = 0;
        definitionBytes = 0;
        repetitionBytes = 0;
        compressed = true;
        fieldId = 0;
        while (nextField()) {
            switch (fieldId) {
                case 1 -> type = number();
                case 2 -> uncompressedBytes = number();
                case 3 -> compressedBytes = number();
                case 4 -> {
                    crc = number();
                    hasCrc = true;
                }
                case 5, 7, 8 -> readPart(fieldId);
                default -> skip(fieldType, 0);
            }
        }
        return (int) (at - from);
    }

    /// The header of a data page, a dictionary page or a data page of version 2.
    private void readPart(int part) throws Incomplete {
        if (fieldType != 12) throw new DamagedPage("has a header that is no struct");
        int outer = fieldId;
        fieldId = 0;
        while (nextField()) {
            if (part == 8) readVersion2();
            else
                switch (fieldId) {
                    case 1 -> values = number();
                    case 2 -> encoding = number();
                    case 3 -> {
                        if (part == 5) definitionEncoding = number();
                        else skip(fieldType, 0);
                    }
                    case 4 -> {
                        if (part == 5) repetitionEncoding = number();
                        else skip(fieldType, 0);
                    }
                    default -> skip(fieldType, 0);
                }
        }
        fieldId = outer;
    }

    private void readVersion2() throws Incomplete {
        switch (fieldId) {
            case 1 -> values = number();
            case 2 -> nulls = number();
            case 4 -> encoding = number();
            case 5 -> definitionBytes = number();
            case 6 -> repetitionBytes = number();
            case 7 -> compressed = fieldType == TRUE;
            default -> skip(fieldType, 0);
        }
    }

    private boolean nextField() throws Incomplete {
        int head = next();
        if (head == 0) return false;
        fieldType = head & 15;
        int delta = head >>> 4;
        fieldId = delta == 0 ? (int) zigzag() : fieldId + delta;
        return true;
    }

    private int number() throws Incomplete {
        if (fieldType < 3 || fieldType > 6) throw new DamagedPage("has a header of wrong types");
        return (int) zigzag();
    }

    private void skip(int kind, int depth) throws Incomplete {
        if (depth > DEPTH_MAX) throw new DamagedPage("has a header nested too deep");
        switch (kind) {
            case TRUE, FALSE -> {}
            case 3 -> next();
            case 4, 5, 6 -> varint();
            case 7 -> skipBytes(8);
            case 8 -> skipBytes(varint());
            case 9, 10 -> {
                int head = next();
                long count = head >>> 4 == 15 ? varint() : head >>> 4;
                for (long i = 0; i < count; i++) skipElement(head & 15, depth + 1);
            }
            case 12 -> {
                int outer = fieldId;
                while (nextField()) skip(fieldType, depth + 1);
                fieldId = outer;
            }
            default -> throw new DamagedPage("has a header of unknown types");
        }
    }

    /// Booleans in a list take a byte each.
    private void skipElement(int kind, int depth) throws Incomplete {
        if (kind == TRUE || kind == FALSE) next();
        else skip(kind, depth);
    }

    private void skipBytes(long count) throws Incomplete {
        if (count < 0 || count > end - at) throw new Incomplete();
        at += count;
    }

    private int next() throws Incomplete {
        if (at >= end) throw new Incomplete();
        return data.get(Layouts.BYTE, at++) & 0xFF;
    }

    private long varint() throws Incomplete {
        long result = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int next = next();
            result |= (next & 0x7FL) << shift;
            if (next < 128) return result;
        }
        throw new DamagedPage("has a header with a number of more than 64 bits");
    }

    private long zigzag() throws Incomplete {
        long value = varint();
        return value >>> 1 ^ -(value & 1);
    }
}
