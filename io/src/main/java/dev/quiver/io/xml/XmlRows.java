package dev.quiver.io.xml;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.UnreadableRows;
import dev.quiver.io.rows.BrokenRow;
import dev.quiver.io.rows.RangeInput;
import dev.quiver.operator.FileFormat;
import dev.quiver.operator.FileRange;
import java.util.List;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// The rows of an XML file: its elements of one name, wherever they stand. Prefixes of names mean
/// nothing. Document type definitions aren't read, so no entity leads out of the file or grows.
final class XmlRows implements AutoCloseable {
    private static final String INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";

    private final FileRange range;
    private final FileFormat.Xml format;
    private final RangeInput input;
    private final XMLStreamReader reader;
    private @Nullable XmlText text;
    private boolean diverts;
    private int line;

    /// @param account pays for a block of text
    XmlRows(FileRange range, FileFormat.Xml format, MemoryAccount account) {
        this.range = range;
        this.format = format;
        this.input = new RangeInput(range, account);
        try {
            input.begin();
            this.reader = Woodstox.factory(format.textBytesMax()).createXMLStreamReader(input);
        } catch (XMLStreamException e) {
            input.close();
            throw notXml(e);
        } catch (RuntimeException | Error e) {
            input.close();
            throw e;
        }
    }

    /// From now on the text of each row is kept until the next.
    ///
    /// @param diverting whether values that can't be read are no errors, but [BrokenRow]s
    void watch(boolean diverting) {
        text = new XmlText();
        diverts = diverting;
    }

    /// The line in which the last row begins.
    int line() {
        return line;
    }

    /// The last row as text; after [#watch].
    String text() {
        return String.valueOf(text);
    }

    /// The next row; null at the end.
    @Nullable XmlNode next() {
        try {
            while (reader.hasNext()) {
                boolean isRow =
                        reader.next() == XMLStreamConstants.START_ELEMENT
                                && reader.getLocalName().equals(format.rowElement());
                if (!isRow) continue;
                line = reader.getLocation().getLineNumber();
                if (text != null) text.clear();
                return element();
            }
            return null;
        } catch (XMLStreamException e) {
            throw notXml(e);
        }
    }

    /// The element at whose begin the reader stands.
    private XmlNode element() throws XMLStreamException {
        var node = new XmlNode();
        XmlText kept = text;
        if (kept != null) kept.start(reader);
        boolean isNil = false;
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            String value = reader.getAttributeValue(i);
            if (!INSTANCE.equals(reader.getAttributeNamespace(i)))
                node.add(reader.getAttributeLocalName(i), XmlNode.ofText(value));
            else isNil |= reader.getAttributeLocalName(i).equals("nil") && value.equals("true");
        }
        while (true) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    String name = reader.getLocalName();
                    node.add(name, element());
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    if (kept != null) kept.end(reader);
                    return isNil ? new XmlNode() : node;
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    String value = reader.getText();
                    node.addText(value);
                    if (kept != null) kept.characters(value);
                }
                default -> {}
            }
        }
    }

    /// Bytes of text that were read so far.
    long textBytes() {
        return reader.getLocation().getCharacterOffset();
    }

    long bytesRead() {
        return input.bytesRead();
    }

    /// A value that isn't of its column's type.
    RuntimeException badValue(String column, String what) {
        if (diverts) return new BrokenRow(column, UnreadableRows.TYPE);
        return new QuiverException(
                ErrorCode.BAD_VALUE,
                what,
                List.of(place(line) + ", column '%s'".formatted(column)),
                "correct the file, or declare the column otherwise: .type(\"%s\", …)"
                        .formatted(column.replaceFirst("[.\\[].*", "")));
    }

    QuiverException unknown(String name, List<String> known) {
        return new QuiverException(
                ErrorCode.BAD_ROW,
                "'%s' is no column that was found in the begin of the file".formatted(name),
                List.of(place(line), "has: " + String.join(", ", known)),
                "declare the columns with .schema(…), which leaves others out");
    }

    /// An error of a value, with its place.
    RuntimeException at(String column, QuiverException cause) {
        if (diverts) return new BrokenRow(column, UnreadableRows.TYPE);
        return new QuiverException(
                cause.code(),
                cause.what(),
                List.of(place(line) + ", column '%s'".formatted(column)),
                cause.fix(),
                cause);
    }

    private QuiverException notXml(XMLStreamException cause) {
        String message = String.valueOf(cause.getMessage()).replaceAll("\\s+at \\[row.*", "");
        int at = cause.getLocation() == null ? 1 : cause.getLocation().getLineNumber();
        return new QuiverException(
                ErrorCode.BAD_ROW,
                "it is not XML: " + message.replaceAll("\\s+", " ").strip(),
                List.of(place(at)),
                "correct the file; entities of a document type definition aren't read",
                cause);
    }

    private String place(int at) {
        return "file: %s, line %d".formatted(range.path(), Math.max(1, at));
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (XMLStreamException e) {
            throw notXml(e);
        } finally {
            input.close();
        }
    }
}
