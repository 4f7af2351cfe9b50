package dev.quiver.dashboard;

import dev.quiver.scheduler.server.PipelineBook;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What is known of pipelines in this process, as JSON, of version 1.
final class PipelineAnswers {
    private static final String NONE = "{\"version\":1,\"pipelines\":[]}";

    private PipelineAnswers() {}

    /// None where there are no pipelines on the class path.
    static byte[] all() {
        return bytes(PipelineBook.ofProcess().map(PipelineBook::json).orElse(NONE));
    }

    /// Empty when it isn't known.
    static Optional<byte[]> one(String pipeline) {
        return PipelineBook.ofProcess()
                .flatMap(book -> book.json(pipeline))
                .map(PipelineAnswers::bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
