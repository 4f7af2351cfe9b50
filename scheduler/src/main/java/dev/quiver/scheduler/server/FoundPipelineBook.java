package dev.quiver.scheduler.server;

import java.util.Optional;
import java.util.ServiceLoader;

/// Looked for once, when it is asked for.
final class FoundPipelineBook {
    static final Optional<PipelineBook> FOUND =
            ServiceLoader.load(PipelineBook.class, PipelineBook.class.getClassLoader()).findFirst();

    private FoundPipelineBook() {}
}
