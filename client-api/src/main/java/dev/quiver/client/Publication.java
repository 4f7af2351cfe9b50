package dev.quiver.client;

import dev.quiver.dataframe.Written;
import dev.quiver.dataframe.plan.WriteOptions;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Stores;
import dev.quiver.operator.ChunkLimits;
import dev.quiver.operator.WriteTarget;
import dev.quiver.worker.store.FileNote;
import java.nio.file.Path;
import java.util.List;

/// A write: its tasks make files in a staging directory; when all are there they get their names,
/// else they go and the target stays as it was.
sealed interface Publication extends Output permits LocalPublication, StorePublication {
    /// @throws dev.quiver.error.QuiverException with the code `TARGET_EXISTS` when there is
    ///   something that is not to be replaced
    static Publication of(WriteOptions options) {
        if (options.fileSize().isPresent() && !isDirectory(options))
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "fileSize(%s) for the one file '%s'"
                            .formatted(options.fileSize().get(), options.path()),
                    List.of(),
                    "write to a directory: a path that ends in /");
        return Stores.isRemote(options.path())
                ? new StorePublication(options)
                : new LocalPublication(options);
    }

    /// Whether a directory of parts is written, not a file.
    static boolean isDirectory(WriteOptions options) {
        return options.path().endsWith("/") || !options.partitionBy().isEmpty();
    }

    static WriteTarget target(WriteOptions options, Path target, Path staging, boolean directory) {
        String codec = options.codec();
        if (codec.isEmpty())
            codec = options.format() == WriteTarget.Format.PARQUET ? "snappy" : "none";
        return new WriteTarget(
                options.format(),
                target.toString(),
                staging.toString(),
                directory,
                options.partitionBy(),
                codec,
                options.csv(),
                options.fileSize().map(ChunkSizes::limits).orElse(ChunkLimits.NONE));
    }

    @Override
    WriteTarget target();

    /// The file or directory that is written.
    Path path();

    /// Gives the files of a manifest their names. What was there before is kept until [#finish] or
    /// [#abandon], so that [#undo] can bring it back.
    @Override
    Written publish(List<FileNote> manifest);

    /// Takes back what [#publish] did.
    void undo();
}
