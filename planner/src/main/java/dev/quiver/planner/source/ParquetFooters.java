package dev.quiver.planner.source;

import dev.quiver.dataframe.plan.InputFile;
import dev.quiver.dataframe.plan.ParquetInput.ParquetFile;
import dev.quiver.dataframe.plan.ParquetInput.RowGroup;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TypeMismatch;
import dev.quiver.io.parquet.ParquetFooter;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What the footers of Parquet files say that are read as one.
///
/// @param schema of all files; a column is nullable when it is in one of them
/// @param files in the order given
record ParquetFooters(Schema schema, List<ParquetFile> files) {
    ParquetFooters {
        files = List.copyOf(files);
    }

    /// @throws QuiverException when a file can't be read or has other columns than the first
    static ParquetFooters read(List<Path> paths) {
        List<ParquetFooter> footers = paths.parallelStream().map(ParquetFooter::read).toList();
        Schema schema = footers.getFirst().schema();
        var files = new ArrayList<ParquetFile>();
        for (int i = 0; i < footers.size(); i++) {
            schema = common(schema, paths.getFirst(), footers.get(i).schema(), paths.get(i));
            files.add(file(paths.get(i), footers.get(i)));
        }
        return new ParquetFooters(schema, files);
    }

    /// These files with text columns read as categorical, or the other way round.
    ///
    /// @throws TypeMismatch for any other change of type
    ParquetFooters asTypes(Map<String, DataType> types) {
        Schema changed = schema;
        for (Map.Entry<String, DataType> entry : types.entrySet()) {
            Field field = schema.field(schema.indexOf(entry.getKey(), "the Parquet files"));
            DataType wanted = entry.getValue();
            boolean texts = DataType.isOpenText(field.type()) && DataType.isOpenText(wanted);
            if (!texts && !field.type().equals(wanted)) {
                throw new TypeMismatch(
                        "column '%s' is %s in the Parquet files, not %s"
                                .formatted(field.name(), field.type(), wanted),
                        List.of("Parquet says its types; only text may be read as categorical"),
                        "change it after reading: withColumn(\"%s\", col(\"%s\").cast(…))"
                                .formatted(field.name(), field.name()));
            }
            changed = changed.with(new Field(field.name(), wanted, field.nullable()));
        }
        return new ParquetFooters(changed, files);
    }

    private static ParquetFile file(Path path, ParquetFooter footer) {
        try {
            long modified = Files.getLastModifiedTime(path).to(TimeUnit.NANOSECONDS);
            var groups =
                    footer.groups().stream()
                            .map(group -> new RowGroup(group.rows(), group.bytes()))
                            .toList();
            return new ParquetFile(
                    new InputFile(path.toString(), footer.size(), modified, true, footer.rows()),
                    groups);
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "'%s' can't be read: %s".formatted(path, e.getMessage()),
                    List.of(),
                    "check that nothing changes the file",
                    e);
        }
    }

    private static Schema common(Schema first, Path firstPath, Schema other, Path otherPath) {
        var fields = new ArrayList<Field>();
        for (int i = 0; i < first.size(); i++) {
            Field a = first.field(i);
            if (other.size() != first.size()
                    || !other.field(i).name().equals(a.name())
                    || !other.field(i).type().equals(a.type())) {
                throw new QuiverException(
                        ErrorCode.TYPE_MISMATCH,
                        "'%s' has other columns than '%s'"
                                .formatted(otherPath.getFileName(), firstPath.getFileName()),
                        List.of("first: " + line(first), "other: " + line(other)),
                        "read them apart, make their columns alike, and join them with union(…)");
            }
            fields.add(new Field(a.name(), a.type(), a.nullable() || other.field(i).nullable()));
        }
        return new Schema(fields);
    }

    private static String line(Schema schema) {
        return schema.toString().replace("\n", ", ");
    }
}
