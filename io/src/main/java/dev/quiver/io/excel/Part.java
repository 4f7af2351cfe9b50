package dev.quiver.io.excel;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.xml.Woodstox;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// A part of a workbook, which is XML, read from its begin to its end; there its checksum is
/// compared.
final class Part implements AutoCloseable {
    private final String file;
    private final String name;
    private final int textBytesMax;
    private final Unpacked input;
    private final XMLStreamReader reader;

    /// @param file for messages
    Part(ZipFile zip, ZipEntry entry, String file, int textBytesMax) {
        this.file = file;
        this.name = entry.getName();
        this.textBytesMax = textBytesMax;
        Unpacked unpacked = null;
        try {
            unpacked = new Unpacked(zip.getInputStream(entry), entry);
            this.reader = Woodstox.factory(textBytesMax).createXMLStreamReader(unpacked);
            this.input = unpacked;
        } catch (IOException | XMLStreamException e) {
            close(unpacked);
            throw damaged(e);
        } catch (RuntimeException | Error e) {
            close(unpacked);
            throw e;
        }
    }

    private void close(@Nullable InputStream stream) {
        try {
            if (stream != null) stream.close();
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    /// What a part unpacks to.
    private static final class Unpacked extends FilterInputStream {
        private final CRC32 crc = new CRC32();
        private final ZipEntry entry;
        private long bytes;

        Unpacked(InputStream in, ZipEntry entry) {
            super(in);
            this.entry = entry;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int count = in.read(to, offset, length);
            if (count > 0) {
                crc.update(to, offset, count);
                bytes += count;
            } else if (count < 0 && entry.getCrc() >= 0 && entry.getCrc() != crc.getValue()) {
                throw new ZipException("its bytes don't fit its checksum");
            }
            return count;
        }
    }

    /// Goes on to the next begin or end of an element, or text, or the end.
    ///
    /// @return a constant of [XMLStreamConstants]
    int next() {
        try {
            return reader.next();
        } catch (XMLStreamException e) {
            throw damaged(e);
        }
    }

    /// Goes on to the next begin of an element; false at the end.
    boolean nextElement() {
        while (true) {
            int event = next();
            if (event == XMLStreamConstants.START_ELEMENT) return true;
            if (event == XMLStreamConstants.END_DOCUMENT) return false;
        }
    }

    /// The name of the element, without a prefix.
    String name() {
        return reader.getLocalName();
    }

    boolean is(String element) {
        return reader.getLocalName().equals(element);
    }

    int attributes() {
        return reader.getAttributeCount();
    }

    String attributeName(int index) {
        return reader.getAttributeLocalName(index);
    }

    String attribute(int index) {
        return reader.getAttributeValue(index);
    }

    /// An attribute by its name without a prefix; empty when it isn't there.
    String attribute(String wanted) {
        for (int i = 0; i < reader.getAttributeCount(); i++)
            if (reader.getAttributeLocalName(i).equals(wanted)) return reader.getAttributeValue(i);
        return "";
    }

    /// The id of a relationship that the element names; empty without.
    String relationship() {
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            String space = reader.getAttributeNamespace(i);
            boolean isOne = space != null && space.endsWith("/relationships");
            if (isOne && reader.getAttributeLocalName(i).equals("id"))
                return reader.getAttributeValue(i);
        }
        return "";
    }

    /// The text of the element at whose begin the reader stands; then it stands at its end.
    String text() {
        try {
            return reader.getElementText();
        } catch (XMLStreamException e) {
            throw damaged(e);
        }
    }

    /// @throws QuiverException when texts that are held together are longer than one may be
    void checkLength(long length) {
        if (length > textBytesMax)
            throw damaged("a text is longer than %,d bytes".formatted(textBytesMax));
    }

    /// Skips the element at whose begin the reader stands.
    void skip() {
        for (int depth = 1; depth > 0; ) {
            int event = next();
            if (event == XMLStreamConstants.START_ELEMENT) depth++;
            else if (event == XMLStreamConstants.END_ELEMENT) depth--;
        }
    }

    /// Reads on to the end.
    void finish() {
        while (next() != XMLStreamConstants.END_DOCUMENT) {}
    }

    /// Which share of the part was read, from 0 to 1.
    double share() {
        long size = input.entry.getSize();
        return size <= 0 ? 1 : Math.min(1, (double) input.bytes / size);
    }

    /// Bytes of text that were read so far.
    long textBytes() {
        return input.bytes;
    }

    QuiverException damaged(String what) {
        return new QuiverException(
                ErrorCode.FILE_CORRUPT,
                "the workbook is damaged: " + what,
                List.of("file: %s, part %s".formatted(file, name)),
                "open it in a spreadsheet program and save it again, or copy it again");
    }

    private QuiverException damaged(Exception cause) {
        String text = String.valueOf(cause.getMessage()).replaceAll("\\s+", " ").strip();
        return new QuiverException(
                ErrorCode.FILE_CORRUPT,
                "the workbook is damaged: " + text,
                List.of("file: %s, part %s".formatted(file, name)),
                "open it in a spreadsheet program and save it again, or copy it again",
                cause);
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (XMLStreamException e) {
            throw damaged(e);
        } finally {
            close(input);
        }
    }
}
