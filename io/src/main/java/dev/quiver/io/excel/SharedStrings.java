package dev.quiver.io.excel;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLStreamConstants;
import org.jspecify.annotations.Nullable;

/// The texts of a workbook, which cells name by their number: UTF-8 in counted memory.
final class SharedStrings implements AutoCloseable {
    /// Bytes that can be read behind each text.
    static final int PADDING_BYTES = 16;

    private static final int BLOCK_BYTES = 1 << 20;
    private static final int COUNT_MAX = Integer.MAX_VALUE / 16;

    private final MemoryAccount account;
    private final List<Buffer> blocks = new ArrayList<>();

    /// For each text block, begin and length, 16 bytes.
    private @Nullable Buffer places;

    private int blockEnd;
    private int count;

    /// No texts.
    SharedStrings(MemoryAccount account) {
        this.account = account;
    }

    static SharedStrings read(Part part, MemoryAccount account) {
        var strings = new SharedStrings(account);
        try {
            while (part.nextElement()) {
                if (!part.is("si")) continue;
                strings.add(text(part, "si").getBytes(StandardCharsets.UTF_8));
                if (strings.count >= COUNT_MAX) throw part.damaged("it has too many texts");
                if ((strings.count & 0xFFFF) == 0) account.checkpoint();
            }
            return strings;
        } catch (RuntimeException | Error e) {
            strings.close();
            throw e;
        }
    }

    /// The text of the element at whose begin the part stands, of all its runs; how it is spoken is
    /// left out.
    static String text(Part part, String element) {
        String first = "";
        @Nullable StringBuilder more = null;
        while (true) {
            int event = part.next();
            if (event == XMLStreamConstants.END_ELEMENT && part.is(element))
                return unescaped(more == null ? first : more.toString());
            if (event != XMLStreamConstants.START_ELEMENT) continue;
            if (part.is("t")) {
                String run = part.text();
                if (first.isEmpty()) first = run;
                else if (more == null) more = new StringBuilder(first).append(run);
                else more.append(run);
                if (more != null) part.checkLength(more.length());
            } else if (part.is("rPh")) part.skip();
        }
    }

    /// Text in which `_x000D_` stands for a letter that XML can't hold.
    static String unescaped(String text) {
        int from = text.indexOf("_x");
        if (from < 0) return text;
        var plain = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '_' && isEscape(text, at)) {
                plain.append((char) Integer.parseInt(text, at + 2, at + 6, 16));
                at += 6;
            } else plain.append(c);
        }
        return plain.toString();
    }

    private static boolean isEscape(String text, int at) {
        if (at + 7 > text.length() || text.charAt(at + 1) != 'x' || text.charAt(at + 6) != '_')
            return false;
        for (int i = at + 2; i < at + 6; i++)
            if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') return false;
        return true;
    }

    private void add(byte[] text) {
        int needed = Math.addExact(text.length, PADDING_BYTES);
        if (blocks.isEmpty() || blockEnd + (long) needed > blocks.getLast().capacityBytes()) {
            blocks.add(account.allocate(Math.max(BLOCK_BYTES, needed)));
            blockEnd = 0;
        }
        MemorySegment to = blocks.getLast().segment();
        MemorySegment.copy(text, 0, to, Layouts.BYTE, blockEnd, text.length);
        place(count, blocks.size() - 1, blockEnd, text.length);
        blockEnd += text.length;
        count++;
    }

    private void place(int index, int block, int begin, int length) {
        long at = index * 16L;
        Buffer table = places;
        if (table == null) table = account.allocate(1024);
        else if (at + 16 > table.capacityBytes())
            table = account.grow(table, at, table.capacityBytes() * 2);
        places = table;
        table.segment().set(Layouts.INT, at, block);
        table.segment().set(Layouts.INT, at + 4, begin);
        table.segment().set(Layouts.INT, at + 8, length);
    }

    int count() {
        return count;
    }

    /// The bytes that hold a text.
    MemorySegment data(int index) {
        return blocks.get(number(index, 0)).segment();
    }

    int begin(int index) {
        return number(index, 4);
    }

    int length(int index) {
        return number(index, 8);
    }

    private int number(int index, int offset) {
        Buffer table = places;
        if (table == null || index >= count) throw new IndexOutOfBoundsException(index);
        return table.segment().get(Layouts.INT, index * 16L + offset);
    }

    String get(int index) {
        byte[] bytes = data(index).asSlice(begin(index), length(index)).toArray(Layouts.BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        blocks.forEach(Buffer::close);
        blocks.clear();
        if (places != null) places.close();
        places = null;
        count = 0;
    }
}
