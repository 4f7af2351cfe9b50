package dev.quiver.planner.source;

import dev.quiver.dataframe.plan.InputFile;
import dev.quiver.dataframe.plan.ParquetInput.ParquetFile;
import dev.quiver.dataframe.plan.ParquetInput.RowGroup;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TypeMismatch;
import dev.quiver.expression.Coercion;
import dev.quiver.io.parquet.ParquetFooter;
import dev.quiver.operator.FolderValue;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What the footers of Parquet files say that are read as one.
///
/// @param schema of all files: their columns by name in the order in which they first appear, each
///   of a type that holds the values of all, then the columns that folders hold; nullable where one
///   file says so or lacks the column
/// @param files in the order given
/// @param hint says which columns some files lack
record ParquetFooters(Schema schema, List<ParquetFile> files, Optional<String> hint) {
    ParquetFooters {
        files = List.copyOf(files);
    }

    /// A column of one file or more.
    private record Shared(Field field, Path first, int files) {
        private Shared with(Field other, Path path) {
            boolean nullable = field.nullable() || other.nullable();
            return new Shared(
                    new Field(field.name(), common(this, other, path), nullable), first, files + 1);
        }
    }

    /// @param declared types that the user wants; text as categorical or the other way round, and
    ///   any of a folder's column
    /// @throws QuiverException when a file can't be read, a column's types don't go together, or a
    ///   declared column isn't there or can't be of that type
    static ParquetFooters read(List<Path> paths, Map<String, DataType> declared) {
        List<ParquetFooter> footers = paths.parallelStream().map(ParquetFooter::read).toList();
        Folders folders = Folders.of(paths, declared);
        var columns = new LinkedHashMap<String, Shared>();
        var files = new ArrayList<ParquetFile>();
        for (int i = 0; i < footers.size(); i++) {
            Path path = paths.get(i);
            for (Field field : footers.get(i).schema().fields())
                columns.merge(
                        field.name(),
                        new Shared(field, path, 1),
                        (known, _) -> known.with(field, path));
            files.add(file(path, footers.get(i), folders.values().get(i)));
        }
        folders.fields().forEach(field -> columns.remove(field.name()));
        var fields = new ArrayList<Field>();
        for (Shared column : columns.values()) {
            boolean everywhere = column.files == footers.size();
            Field field = column.field;
            fields.add(new Field(field.name(), field.type(), field.nullable() || !everywhere));
        }
        fields.addAll(folders.fields());
        Schema schema = declared(new Schema(fields), folders, declared);
        return new ParquetFooters(schema, files, hint(columns, footers.size()));
    }

    private static DataType common(Shared known, Field other, Path path) {
        DataType a = known.field.type();
        DataType b = other.type();
        if (a.equals(b) || (DataType.isOpenText(a) && DataType.isOpenText(b))) return a;
        return Coercion.common(a, b)
                .orElseThrow(() ->
                        new TypeMismatch(
                                "column '%s' is %s in '%s' and %s in '%s'"
                                        .formatted(
                                                other.name(),
                                                a,
                                                known.first.getFileName(),
                                                b,
                                                path.getFileName()),
                                List.of("first: " + known.first, "other: " + path),
                                "read them apart, cast the column and join them with union(…)"));
    }

    private static Optional<String> hint(Map<String, Shared> columns, int files) {
        List<String> missing =
                columns.values().stream()
                        .filter(column -> column.files < files)
                        .map(column ->
                                "'%s' (in %d of %d)"
                                        .formatted(column.field.name(), column.files, files))
                        .toList();
        if (missing.isEmpty()) return Optional.empty();
        return Optional.of(
                "some files lack columns, which are null there: " + String.join(", ", missing));
    }

    private static Schema declared(Schema schema, Folders folders, Map<String, DataType> types) {
        Schema changed = schema;
        for (Map.Entry<String, DataType> entry : types.entrySet()) {
            Field field = schema.field(schema.indexOf(entry.getKey(), "the Parquet files"));
            DataType wanted = entry.getValue();
            boolean texts = DataType.isOpenText(field.type()) && DataType.isOpenText(wanted);
            if (!texts && !field.type().equals(wanted) && !folders.fields().contains(field)) {
                throw new TypeMismatch(
                        "column '%s' is %s in the Parquet files, not %s"
                                .formatted(field.name(), field.type(), wanted),
                        List.of("Parquet says its types; only text may be read as categorical"),
                        "change it after reading: withColumn(\"%s\", col(\"%s\").cast(…))"
                                .formatted(field.name(), field.name()));
            }
            changed = changed.with(new Field(field.name(), wanted, field.nullable()));
        }
        return changed;
    }

    private static ParquetFile file(Path path, ParquetFooter footer, List<FolderValue> folders) {
        try {
            long modified = Files.getLastModifiedTime(path).to(TimeUnit.NANOSECONDS);
            var groups =
                    footer.groups().stream()
                            .map(group -> new RowGroup(group.rows(), group.bytes()))
                            .toList();
            return new ParquetFile(
                    new InputFile(path.toString(), footer.size(), modified, true, footer.rows()),
                    groups,
                    folders);
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "'%s' can't be read: %s".formatted(path, e.getMessage()),
                    List.of(),
                    "check that nothing changes the file",
                    e);
        }
    }
}
