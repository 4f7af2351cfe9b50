package dev.quiver.pipeline;

import dev.quiver.client.UnitLoads;
import dev.quiver.dataframe.ChunkSize;
import dev.quiver.dataframe.plan.WriteOptions.Mode;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Stores;
import dev.quiver.operator.ChunkLimits;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.WriteTarget;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A load into files: a directory of parts, one or more for each unit; on this machine, or in a
/// store: `s3://BUCKET/NAME/`.
///
/// Unless told otherwise the directory must not be there. Immutable: each call gives another load.
public final class FileLoad implements Load {
    private final WriteTarget.Format format;
    private final String directory;
    private final Mode mode;
    private final List<String> folders;
    private final String codec;
    private final Optional<ChunkSize> size;
    private final List<String> seen;

    private FileLoad(
            WriteTarget.Format format,
            String directory,
            Mode mode,
            List<String> folders,
            String codec,
            Optional<ChunkSize> size,
            List<String> seen) {
        this.format = format;
        this.directory = directory;
        this.mode = mode;
        this.folders = folders;
        this.codec = codec;
        this.size = size;
        this.seen = seen;
    }

    static FileLoad parquet(String directory) {
        return of(WriteTarget.Format.PARQUET, directory, "snappy");
    }

    static FileLoad csv(String directory) {
        return of(WriteTarget.Format.CSV, directory, "none");
    }

    private static FileLoad of(WriteTarget.Format format, String directory, String codec) {
        if (directory.isBlank())
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "a load into the directory \"\"",
                    List.of(),
                    "name a directory");
        return new FileLoad(
                format, directory, Mode.CREATE, List.of(), codec, Optional.empty(), List.of());
    }

    /// Puts what is loaded in the place of what is there.
    public FileLoad overwrite() {
        return new FileLoad(format, directory, Mode.OVERWRITE, folders, codec, size, seen);
    }

    /// Adds what is loaded to what is there.
    public FileLoad append() {
        return new FileLoad(format, directory, Mode.APPEND, folders, codec, size, seen);
    }

    /// Makes a folder `name=value` for each value of the columns, which leave the files.
    public FileLoad partitionBy(String first, String... more) {
        var names = new ArrayList<String>();
        names.add(first);
        names.addAll(List.of(more));
        return new FileLoad(format, directory, mode, List.copyOf(names), codec, size, seen);
    }

    /// `snappy` (as it is unless told otherwise), `zstd` or `none` for Parquet; `gzip`, `zstd` or
    /// `none` for CSV.
    public FileLoad compression(String name) {
        List<String> codecs =
                format == WriteTarget.Format.PARQUET
                        ? List.of("snappy", "zstd", "none")
                        : List.of("gzip", "zstd", "none");
        if (codecs.contains(name))
            return new FileLoad(format, directory, mode, folders, name, size, seen);
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "%s files can't be compressed with %s".formatted(format, name),
                List.of("has: " + String.join(", ", codecs)),
                "use one of these");
    }

    /// How large the files are. Each unit of the load has files of its own, of which all but the
    /// last are as large as they may be; with [#partitionBy] it is the most that a file has.
    ///
    /// @throws QuiverException ARGUMENT_INVALID when a text isn't a size
    public FileLoad fileSize(ChunkSize wanted) {
        UnitLoads.limits(wanted);
        return new FileLoad(format, directory, mode, folders, codec, Optional.of(wanted), seen);
    }

    /// Leaves out rows whose values in these columns together a row before had that this load
    /// loaded, in this run or an earlier one; they are counted in [PipelineRun#dropped]. A row with
    /// a null among them is loaded.
    ///
    /// The first run makes the target, later ones add to it. The keys are kept beside the ledger.
    public FileLoad dropSeen(String first, String... more) {
        var names = new ArrayList<String>();
        names.add(first);
        names.addAll(List.of(more));
        return new FileLoad(format, directory, mode, folders, codec, size, List.copyOf(names));
    }

    List<String> seen() {
        return seen;
    }

    Mode mode() {
        return mode;
    }

    FileLoad withoutFolders() {
        return new FileLoad(format, directory, mode, List.of(), codec, size, seen);
    }

    String codec() {
        return codec;
    }

    List<String> folders() {
        return folders;
    }

    boolean isParquet() {
        return format == WriteTarget.Format.PARQUET;
    }

    Path target(Parameters parameters) {
        return path(parameters.in(directory));
    }

    /// The directory that a text names, absolute.
    static Path path(String named) {
        Path path = Stores.path(named);
        if (!Stores.isRemote(path)) return path.toAbsolutePath().normalize();
        if (path.getNameCount() > 0 && Stores.isWritable(path)) return path;
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "a pipeline can't load into '%s'".formatted(named),
                List.of(),
                "name a directory of this machine, or one in a bucket: s3://BUCKET/NAME/");
    }

    WriteTarget writeTarget(Path target, Path staging) {
        return new WriteTarget(
                format,
                target.toString(),
                staging.toString(),
                true,
                folders,
                codec,
                CsvFormat.DEFAULT,
                size.map(UnitLoads::limits).orElse(ChunkLimits.NONE));
    }

    /// What people call it, such as `parquet out/flights/`.
    @Override
    public String toString() {
        return format.name().toLowerCase(Locale.ROOT) + " " + directory;
    }

    /// Everything about it, as a line.
    String text(Path target) {
        String files = size.map(wanted -> ", files of " + wanted).orElse("");
        return "%s %s %s by %s, %s%s".formatted(mode, format, target, folders, codec, files);
    }
}
