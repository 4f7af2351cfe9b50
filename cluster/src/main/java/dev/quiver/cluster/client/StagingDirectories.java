package dev.quiver.cluster.client;

import dev.quiver.io.WriteFailure;
import dev.quiver.operator.Pipeline;
import dev.quiver.operator.Sink;
import dev.quiver.operator.WriteTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The directories beside targets into which tasks write. The client makes them, so that a worker
/// which doesn't see them knows that it would write somewhere else.
final class StagingDirectories {
    private StagingDirectories() {}

    /// Makes the one that a stage writes to, if it does.
    ///
    /// @throws dev.quiver.error.QuiverException IO_FAILED when it can't
    static void make(Pipeline pipeline) {
        switch (pipeline.sink()) {
            case Sink.Write(var target, _) -> make(target);
            case Sink.JoinFiles(var target, _) -> make(target);
            case Sink.Collect _,
                    Sink.Exchange _,
                    Sink.Aggregate _,
                    Sink.BuildTable _,
                    Sink.SortRun _,
                    Sink.MergeSorted _,
                    Sink.TopRows _,
                    Sink.WriteTable _ -> {}
        }
    }

    private static void make(WriteTarget target) {
        try {
            Files.createDirectories(Path.of(target.staging()));
        } catch (IOException e) {
            throw WriteFailure.of("can't write beside '%s'".formatted(target.path()), e);
        }
    }
}
