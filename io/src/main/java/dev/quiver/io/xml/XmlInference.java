package dev.quiver.io.xml;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.DeclaredTypes;
import dev.quiver.io.csv.ByteSource;
import dev.quiver.operator.FileFormat;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Finds the columns of XML files: one for each attribute and element of the rows, typed as CSV is.
///
/// An element with attributes or elements of its own is a struct (its text is the field `value`), a
/// name that stands several times in one row a list. The begin of the files is looked at, up to
/// [#WHOLE_BYTES_MAX] of text.
public final class XmlInference {
    /// The most text that is looked at.
    public static final long WHOLE_BYTES_MAX = 64L << 20;

    private static final long POOL_BYTES = 1L << 30;

    /// What was found.
    ///
    /// @param whole whether every row was looked at
    /// @param rows that were looked at
    public record Inferred(Schema schema, boolean whole, long rows) {}

    private XmlInference() {}

    /// The columns of files, those of all together.
    ///
    /// @param declared types of columns by name, which aren't inferred
    /// @throws QuiverException FILE_NOT_FOUND; FILE_CORRUPT when no row has a value; BAD_ROW for
    ///   what isn't XML; COLUMN_NOT_FOUND for a declared type of a column that isn't there
    public static Inferred infer(
            List<Path> files, FileFormat.Xml format, Map<String, DataType> declared) {
        var shape = new XmlShape();
        boolean whole = true;
        long rows = 0;
        try (var pool = new MemoryPool(POOL_BYTES);
                MemoryAccount account = pool.account(new Owner("plan", "XmlInference", -1))) {
            for (Path file : files) {
                try (var from = new XmlRows(ByteSource.whole(file), format, account)) {
                    for (XmlNode row = from.next(); row != null && whole; row = from.next()) {
                        shape.add(row);
                        rows++;
                        whole = from.textBytes() <= WHOLE_BYTES_MAX;
                    }
                }
            }
        }
        return new Inferred(schema(shape, files.getFirst(), format, declared), whole, rows);
    }

    private static Schema schema(
            XmlShape shape, Path file, FileFormat.Xml format, Map<String, DataType> declared) {
        if (shape.parts().isEmpty())
            throw new QuiverException(
                    ErrorCode.FILE_CORRUPT,
                    "'%s' has no element '%s' with a value".formatted(file, format.rowElement()),
                    List.of(),
                    "name the element that is a row, as in xml(\"item\", \"items.xml\")");
        DeclaredTypes.check(declared, shape.parts().keySet(), file);
        var fields = new ArrayList<Field>();
        shape.parts()
                .forEach((name, part) -> {
                    DataType type = declared.get(name);
                    fields.add(Field.of(name, type != null ? type : part.type()));
                });
        return new Schema(fields);
    }
}
