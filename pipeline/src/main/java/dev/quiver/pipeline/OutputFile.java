package dev.quiver.pipeline;

import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.FrameWriter;
import dev.quiver.dataframe.Written;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.parquet.ParquetFooter;
import dev.quiver.planner.source.Folders;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A file of an output that can be written anew: Parquet, or CSV as it is written, whose columns
/// are all read as text so that they are written as they were.
///
/// @param rows of the file, without the columns of folders
/// @param folders what the names of the folders right above it say
record OutputFile(
        Path path, boolean isParquet, String codec, DataFrame rows, Map<String, String> folders) {
    private static final Logger LOG = LoggerFactory.getLogger(Erasure.class);
    private static final String TEMPORARY = ".quiver-erase";

    /// What tells that a file is still the one that was looked at.
    record Version(long size, long modifiedNanos, String key) {}

    /// @throws QuiverException UNSUPPORTED for other formats
    static OutputFile of(Path path, Session session) {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        if (name.matches(".*\\.(parquet|parq|pq)")) return parquet(path, session);
        if (name.matches(".*\\.csv(\\.gz|\\.zst)?")) return csv(path, name, session);
        throw new QuiverException(
                ErrorCode.UNSUPPORTED,
                "'%s' is neither Parquet nor CSV, so keys can't be deleted from it".formatted(path),
                List.of(),
                "name a directory of Parquet or CSV files, or move this file out of it");
    }

    private static OutputFile parquet(Path path, Session session) {
        ParquetFooter footer = ParquetFooter.read(path);
        String codec =
                switch (footer.codec()) {
                    case "uncompressed" -> "none";
                    case "zstd" -> "zstd";
                    default -> "snappy";
                };
        List<String> own = footer.schema().names();
        DataFrame rows = session.read().parquet(path);
        for (String name : rows.schema().names()) if (!own.contains(name)) rows = rows.drop(name);
        return new OutputFile(path, true, codec, rows, Folders.texts(path));
    }

    private static OutputFile csv(Path path, String name, Session session) {
        String codec = name.endsWith(".gz") ? "gzip" : name.endsWith(".zst") ? "zstd" : "none";
        List<Field> texts =
                session.read().csv(path).schema().names().stream()
                        .map(column -> Field.of(column, DataType.UTF8))
                        .toList();
        DataFrame rows = session.read().schema(new Schema(texts)).csv(path);
        return new OutputFile(path, false, codec, rows, Folders.texts(path));
    }

    /// The type of a column; empty when the file has none.
    Optional<DataType> type(String column) {
        return rows.schema().has(column)
                ? Optional.of(rows.schema().field(column).type())
                : Optional.empty();
    }

    /// The file as it is on the disk.
    Version version() throws IOException {
        var attributes = Files.readAttributes(path, BasicFileAttributes.class);
        return new Version(
                attributes.size(),
                attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                String.valueOf(attributes.fileKey()));
    }

    /// Writes these rows beside the file, for whom the file is, not to the disk yet.
    ///
    /// @return where
    Path writeBeside(DataFrame others, long wanted) throws IOException {
        Path beside = path.resolveSibling(temporary(path));
        FrameWriter writer = others.write().overwrite().compression(codec);
        Written written =
                isParquet ? writer.parquet(beside.toString()) : writer.csv(beside.toString());
        if (written.rows() != wanted)
            throw changed("it had %d rows and now has others".formatted(wanted));
        handOver(beside);
        return beside;
    }

    /// Gives a file to whom this one belongs, and says who may read it.
    private void handOver(Path beside) throws IOException {
        if (!Files.getFileStore(path).supportsFileAttributeView(PosixFileAttributeView.class))
            return;
        var made = Files.getFileAttributeView(beside, PosixFileAttributeView.class);
        PosixFileAttributes wanted = Files.readAttributes(path, PosixFileAttributes.class);
        try {
            if (!made.readAttributes().group().equals(wanted.group()))
                made.setGroup(wanted.group());
            if (!made.getOwner().equals(wanted.owner())) made.setOwner(wanted.owner());
        } catch (FileSystemException e) {
            // Whoever may write here may erase, and only some may give files away.
            LOG.warn(
                    "'{}' belongs to {} now, and was {}'s of {}: {}",
                    path.getFileName(),
                    made.getOwner().getName(),
                    wanted.owner().getName(),
                    wanted.group().getName(),
                    e.getReason());
        }
        made.setPermissions(wanted.permissions());
    }

    private static String temporary(Path path) {
        return "." + path.getFileName() + TEMPORARY;
    }

    /// The checksum that Hadoop keeps beside a file and that isn't that of other rows.
    Path checksum() {
        return path.resolveSibling("." + path.getFileName() + ".crc");
    }

    /// What was written beside a file and didn't take its place.
    static List<Path> left(Disk disk, Path path) throws IOException {
        var left = new ArrayList<>(disk.list(LocalDisk.parent(path), temporary(path)));
        left.addAll(disk.list(LocalDisk.parent(path), "." + temporary(path)));
        return left;
    }

    /// A path with asterisks for what the names of folders say about a column.
    static String without(Path path, String column) {
        Path root = path.getRoot();
        Path shown = root == null ? path.getFileSystem().getPath("") : root;
        for (Path folder : path) {
            String name = folder.toString();
            int equal = name.indexOf('=');
            boolean says = equal >= 1 && Folders.decoded(name.substring(0, equal)).equals(column);
            shown = shown.resolve(says ? name.substring(0, equal) + "=***" : name);
        }
        return shown.toString();
    }

    /// Of a file that isn't the one that was looked at.
    QuiverException changed(String how) {
        return new QuiverException(
                ErrorCode.FILE_CHANGED,
                "'%s' changed while keys were deleted: %s".formatted(path, how),
                List.of("the file is as the other process left it"),
                "let nobody else write there and run the erasure again");
    }

    /// Whether a file or directory is what an erasure left that was killed.
    static boolean isLeft(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.startsWith(".") && name.contains(TEMPORARY) && !name.equals(ErasureLock.NAME);
    }
}
