package dev.quiver.io;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.NearestName;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// The types that a reader was told for columns of files whose other types are inferred.
public final class DeclaredTypes {
    private DeclaredTypes() {}

    /// @param columns those of `file`
    /// @throws QuiverException COLUMN_NOT_FOUND for a type of no column
    public static void check(
            Map<String, DataType> declared, Collection<String> columns, Path file) {
        for (String name : declared.keySet()) {
            if (columns.contains(name)) continue;
            throw new QuiverException(
                    ErrorCode.COLUMN_NOT_FOUND,
                    "a type is declared for '%s', which is no column of %s".formatted(name, file),
                    List.of("has: " + String.join(", ", columns)),
                    NearestName.of(name, columns)
                            .map("did you mean '%s'?"::formatted)
                            .orElse("remove the declaration"));
        }
    }
}
